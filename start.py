"""Sets up the environment if needed and starts the main job: what `make` and `report.bat` share.

Runs on any Python 3 with nothing installed, so that a Python that is too old gets a sentence instead of a traceback.
"""

import hashlib
import os
import subprocess
import sys
import time

PROJECT = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(PROJECT, "output")
ENVIRONMENT = os.path.join(PROJECT, ".venv")
PYTHON = os.path.join(ENVIRONMENT, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
STAMP = os.path.join(ENVIRONMENT, "ready.txt")
OLDEST = (3, 11)
NOT_AN_INPUT = {".gitkeep", ".DS_Store", "Thumbs.db", "desktop.ini"}
EXTRAS = ("lint", "test")  # the groups of packages that setup.cfg names besides what the program itself needs
JOBS = {"report": [], "final": ["--final"]}  # a job of the office -> its options of the command `report`
MOST_WORDS = {"report": 3, "final": 3, "undo": 2, "setup": len(EXTRAS)}  # a command -> the most words that follow it
USAGE = (
    "用法：python start.py setup [test] [lint]，或 python start.py report（final 为只生成正式结果）[输入文件夹] [输出文件夹] [市名]，"
    "或 python start.py undo [输出文件夹] [市名]"
)


class CannotStart(Exception):
    """The text is one Chinese sentence that says what to do."""


def version_problem(version):
    """A Chinese sentence when this Python is too old, else ""."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    here = ".".join(str(part) for part in version[:3])
    return "需要 Python 3.11 或更新的版本，这里是 %s。请从 https://www.python.org/downloads/ 安装后再试。" % here


def fingerprint():
    """A hash of what the environment depends on: the project's folder, the Python, and the lists of packages."""
    digest = hashlib.sha256((PROJECT + sys.version).encode("utf-8", "surrogateescape"))
    for name in ("setup.cfg", "pyproject.toml", "constraints.txt"):
        with open(os.path.join(PROJECT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed_extras(wanted):
    """The extras that .venv/ holds; None when there is no environment, or one with another fingerprint than `wanted`.

    STAMP holds the fingerprint in its first line and one extra in each line that follows."""
    if not os.path.exists(STAMP) or not os.path.exists(PYTHON):
        return None
    with open(STAMP, encoding="utf-8") as file:
        lines = file.read().splitlines()
    return set(lines[1:]) if lines[:1] == [wanted] else None


def set_up(wheels, extras=()):
    """Makes .venv/ with the program, what it needs and `extras`, or adds the extras it lacks; raises CannotStart.

    wheels: a folder with the packages, "" to take them from the network."""
    wanted = fingerprint()
    installed = installed_extras(wanted)
    if installed is not None and installed.issuperset(extras):
        return
    print("正在准备运行环境（.venv），第一次需要几分钟……", flush=True)
    if installed is None:
        run(
            [sys.executable, "-m", "venv", "--clear", ".venv"],
            "没有能建立运行环境：本机的 Python 缺少 venv 部件。Ubuntu、Debian、统信、麒麟请先执行 sudo apt install python3-venv。",
        )
    extras = sorted(set(extras).union(installed or ()))
    install = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if wheels:
        install += ["--no-index", "--find-links", os.path.abspath(wheels)]
    install += ["--constraint", "constraints.txt", "--editable", ".[%s]" % ",".join(extras) if extras else "."]
    run(
        install,
        "没有能装好所需的程序包：请检查网络；不能上网的电脑请按 README 准备程序包文件夹，再执行 make setup WHEELS=文件夹。",
    )
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write("\n".join([wanted, *extras]))
    print("运行环境已准备好。", flush=True)


def run(command, sentence):
    """Runs `command` in the project's folder; raises CannotStart with `sentence` when it fails."""
    if subprocess.call(command, cwd=PROJECT) != 0:
        raise CannotStart(sentence)


def chosen_input(folder):
    """The folder named, else inbox/ if it holds anything, else the made-up sample_inputs/, with a line on the screen."""
    if folder:
        return folder
    inbox = os.path.join(PROJECT, "inbox")
    if os.path.isdir(inbox) and set(os.listdir(inbox)) - NOT_AN_INPUT:
        return inbox
    print("收件文件夹 inbox/ 是空的，这次用 sample_inputs/ 里的演示数据（企业和数据都是虚构的）。", flush=True)
    return os.path.join(PROJECT, "sample_inputs")


def output_of(output, city):
    """The output folder named, else output/, or for one city output_杭州市/ beside it: neither takes the other's place."""
    if output or not city:
        return output or OUTPUT
    return "%s_%s" % (OUTPUT, city if city.endswith("市") else city + "市")


def report(job, folder, output, city):
    """Runs the main job with today's date, of this computer's clock, on every output, and keeps the output that is replaced;
    its exit code. city: the one that is reported on, "" for the province."""
    options = ["--output", output_of(output, city), "--date", time.strftime("%Y-%m-%d"), "--history", *JOBS[job]]
    options += ["--city", city] if city else []
    return subprocess.call([PYTHON, "-m", "pipeline", "report", chosen_input(folder), *options])


def undo(output, city):
    """Puts the output before this one back; the exit code of the command."""
    return subprocess.call([PYTHON, "-m", "pipeline", "undo", output_of(output, city)])


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    command, words = (arguments or [""])[0], arguments[1:]
    if len(words) > MOST_WORDS.get(command, -1) or (command == "setup" and not set(words).issubset(EXTRAS)):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        problem = version_problem(sys.version_info)
        if problem:
            raise CannotStart(problem)
        set_up(os.environ.get("WHEELS", ""), words if command == "setup" else ())
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 4
    if command == "setup":
        return 0
    if command == "undo":
        output, city = [*words, "", ""][:2]
        return undo(output, city.strip())
    folder, output, city = [*words, "", "", ""][:3]
    return report(command, folder, output, city.strip())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("已中断。")
