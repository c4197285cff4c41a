"""Loading of a rulebook: a TOML file becomes a checked `Rulebook`, or its first mistake becomes one Chinese sentence."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.machine.regular_files import NotRegular, bytes_of
from pipeline.model.alternatives import choice_of
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Alternative, Rulebook
from pipeline.model.rulebook_checks import contradictions, shown_value
from pipeline.model.scope import Scope
from pipeline.model.selection_checks import DoesNotFit
from pipeline.model.texts import label_of

_TITLES_OF_ONE = ("assessment", "marks", "returned")  # titles of what one company, expert or county has
_LARGEST_FILE = 2**20  # bytes; the published one has 45 thousand
_LONGEST_TEXT = 2_000  # characters of one text or key
_LONGEST_NUMBER = 20  # digits
_LARGEST_INTEGER = 10**15
_TOO_LONG = "太长，请对照本年度的规则文件改正。"
# A key of thirty parts: reading one takes a time that grows with the square of its parts.
_DEEP_KEY = re.compile(
    r"""(?:(?:(?<![A-Za-z0-9_-])[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){30}"""
)

RULEBOOKS = Path(__file__).parents[1] / "rulebooks"  # one file for each province and year: zhejiang_2024.toml
_YEAR = re.compile(r"_(\d{4})$")


def latest_rulebook(folder: Path = RULEBOOKS) -> Path:
    """The rulebook of the latest year by the names of the files, of several in that year the first by name."""
    paths = sorted(folder.glob("*.toml"))
    return max(paths, key=lambda path: int(match[1]) if (match := _YEAR.search(path.stem)) else 0)


DEFAULT_RULEBOOK = latest_rulebook()


class RulebookError(Refused):
    """A rulebook that cannot be used; the text is one Chinese sentence for the user. plain: what is wrong without the keys
    of the file, "" where that is not told."""

    @property
    def plain(self) -> str:
        """The words for whoever rules in 人工决定."""
        return self.args[0].plain if self.args and isinstance(self.args[0], DoesNotFit) else ""


# What pydantic reports, in the words of the person who edits the file, by the type of the report or its beginning.
_SENTENCES = {
    "extra_forbidden": "规则文件不认识“{key}”这一项，此处只可写：{allowed}",
    "missing": "规则文件缺少“{key}”这一项，请补上",
    "literal_error": "规则文件“{key}”写的是“{typed}”，只可写：{expected}",
    "string_pattern_mismatch": "规则文件“{key}”写的是“{typed}”，应为六位数字代码",
    "too_short": "规则文件“{key}”的内容太少，至少要有 {min_length} 项",
}
_WRONG_TYPE = "规则文件“{key}”写的是“{typed}”，应为{wanted}，请改正"
_WANTED = (
    ("greater_than", "{limit} 的数"),
    ("less_than", "{limit} 的数"),
    ("string", "文字（写在引号里）"),
    ("int", "整数"),
    ("decimal", "数"),
    ("finite", "数"),
    ("bool", "true 或 false"),
    ("date", "日期（如 2024-01-01）"),
    ("tuple", "列表（写在方括号里）"),
    ("", "一组“名称 = 值”"),
)
_LIMITS = {"gt": "大于 {}", "ge": "不小于 {}", "lt": "小于 {}", "le": "不大于 {}"}
_OURS = {"sha256", "scope"}  # entries that the program adds
_UNREADABLE = (
    (FileNotFoundError, "没有这个文件"),
    (PermissionError, "没有读取权限"),
    (NotADirectoryError, "路径中间有一段是文件，不是文件夹"),
    (ValueError, "路径里有不能用的字符"),
)


def load_rulebook(path: Path | None = None) -> Rulebook:
    """The rulebook in a TOML file, by default the latest. RulebookError says in one Chinese sentence what is wrong."""
    path = path or DEFAULT_RULEBOOK
    content = content_of(path)
    return build_rulebook(parsed(content, path), hashlib.sha256(content).hexdigest())


def content_of(path: Path) -> bytes:
    """The bytes of a rulebook's file. Raises RulebookError."""
    try:
        return bytes_of(path, _LARGEST_FILE, follow=True)
    except NotRegular as error:
        raise RulebookError(f"规则文件“{path}”{error}，不能用，请写出规则文件的路径。") from error
    except (OSError, ValueError) as error:
        reason = next((words for kind, words in _UNREADABLE if isinstance(error, kind)), "系统不让打开")
        raise RulebookError(f"规则文件“{path}”打不开，请检查路径（{reason}）。") from error


def parsed(content: bytes, path: Path) -> dict[str, Any]:
    """The entries of a TOML file. Raises RulebookError, also for what would keep the parser, or whoever uses the entries, for
    minutes."""
    try:
        text = content.decode("utf-8-sig")
        if _DEEP_KEY.search(text):
            raise RecursionError
        entries = tomllib.loads(text, parse_float=_decimal)
        _check_sizes(entries, path)
    except UnicodeDecodeError as error:
        raise RulebookError(f"规则文件“{path}”不是 UTF-8 编码，请用记事本等另存为 UTF-8 编码。") from error
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(
            f"规则文件“{path}”{_position_of(error)}写法不对，请检查引号、括号、等号，以及是否重复。"
        ) from error
    except RecursionError as error:
        raise RulebookError(f"规则文件“{path}”里一层套一层，套得太深，请对照本年度的规则文件改正。") from error
    except (ValueError, ArithmeticError) as error:  # of a number
        raise RulebookError(f"规则文件“{path}”里有一个数{_TOO_LONG}") from error
    return entries


def _decimal(text: str) -> Decimal:
    """A number with a point or an exponent; ValueError for one that no rule needs."""
    number = Decimal(text)
    if number.is_finite() and (len(text) > _LONGEST_NUMBER or abs(number.adjusted()) > _LONGEST_NUMBER):
        raise ValueError(text[:_LONGEST_NUMBER])
    return number


def _check_sizes(value: Any, path: Path) -> None:
    """Raises RulebookError for a text, and ValueError for a number, longer than any rule needs."""
    if isinstance(value, dict):
        for key, entry in value.items():
            _check_sizes(key, path)
            _check_sizes(entry, path)
    elif isinstance(value, list):
        for entry in value:
            _check_sizes(entry, path)
    elif isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise RulebookError(f"规则文件“{path}”里“{value[:20]}……”一处的文字{_TOO_LONG}")
    elif isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        raise ValueError("integer")


def _position_of(error: tomllib.TOMLDecodeError) -> str:
    """Where the TOML parser stopped, in Chinese; its own message is in English."""
    match = re.search(r"at line (\d+), column (\d+)", str(error))
    return f"第 {match[1]} 行第 {match[2]} 列附近" if match else "末尾"


def build_rulebook(entries: Mapping[str, Any], sha256: str = "") -> Rulebook:
    """The checked rulebook of parsed TOML entries. Raises RulebookError."""
    for key in _OURS & entries.keys():
        raise RulebookError(f"规则文件不应写“{key}”这一项，请删去，程序会自己填上。")
    return _checked({**entries, "sha256": sha256})


def _checked(entries: Mapping[str, Any]) -> Rulebook:
    """The rulebook of entries with those that the program adds. Raises RulebookError."""
    try:
        rulebook = Rulebook.model_validate(entries)
    except ValidationError as error:
        raise RulebookError(_sentence_of(error, entries) + "。") from error
    for problem in contradictions(rulebook):
        raise RulebookError(problem)
    return rulebook


def _sentence_of(error: ValidationError, entries: Mapping[str, Any]) -> str:
    """The first mistake that pydantic reports, as one Chinese sentence without its full stop."""
    first = error.errors()[0]
    context = first.get("ctx", {})
    limit = "且".join(words.format(context[name]) for name, words in _LIMITS.items() if name in context)
    wanted = next(words for beginning, words in _WANTED if first["type"].startswith(beginning))
    return _SENTENCES.get(first["type"], _WRONG_TYPE).format(
        key=_key_of(first["loc"], entries),
        typed=shown_value(first["input"]),
        allowed="、".join(_allowed_keys(first["loc"])) if first["type"] == "extra_forbidden" else "",
        expected="、".join(f"“{word}”" for word in re.findall(r"'([^']*)'", str(context.get("expected", "")))),
        min_length=context.get("min_length", 1),
        wanted=wanted.format(limit=limit),
    )


def _key_of(location: tuple[str | int, ...], entries: Mapping[str, Any]) -> str:
    """The location in dotted keys. An entry of a list is named by its id, label or name, else by its number (第2项)."""
    parts: list[str] = []
    value: Any = entries
    for part in location:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(part, int):
            known = value if isinstance(value, dict) else {}
            name = next((known[key] for key in ("id", "label", "name") if isinstance(known.get(key), str)), "")
            parts.append(name or f"第{part + 1}项")
        else:
            parts.append(part)
    return ".".join(parts)


def _allowed_keys(location: tuple[str | int, ...]) -> list[str]:
    """The keys that are allowed in the table to which the last part of the location belongs."""
    model: Any = Rulebook
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = next((arg for arg in getattr(annotation, "__args__", ()) if isinstance(arg, type)), annotation)
    return [name for name in model.model_fields if name not in _OURS]


def with_rulings(rulebook: Rulebook, choices: Mapping[str, str]) -> Rulebook:
    """The rulebook with the chosen rulings confirmed and the values of the chosen alternatives set.

    choices: id of a ruling -> id of one of its alternatives, with the figure that it asks for (`choice_text`). Raises
    RulebookError where one does not exist, or lacks its figure.
    """
    entries = rulebook.model_dump()
    for ruling in entries["rulings"]:
        if ruling["id"] not in choices:
            continue
        wanted, figure = choice_of(choices[ruling["id"]])
        alternative = next((entry for entry in ruling["alternatives"] if entry["id"] == wanted), None)
        if alternative is None:
            allowed = "、".join(entry["id"] for entry in ruling["alternatives"])
            raise RulebookError(f"规则“{ruling['id']}”没有“{wanted}”这个选项，只可写：{allowed}。")
        chosen = _with_figure(Alternative.model_validate(alternative), figure, ruling["topic"])
        if wanted != ruling["adopted"] or chosen.sentence != alternative["sentence"]:
            ruling["sentence"] = f"{chosen.sentence}。"
        ruling["adopted"], ruling["confirmed"] = wanted, True
        for key, value in chosen.set.items():
            _set(entries, key, value)
    unknown = sorted(choices.keys() - {ruling["id"] for ruling in entries["rulings"]})
    if unknown:
        raise RulebookError(
            f"没有“{unknown[0]}”这条规则，只可写：{'、'.join(ruling.id for ruling in rulebook.rulings)}。"
        )
    return _checked(entries)


def narrowed_to(rulebook: Rulebook, name: str) -> Rulebook:
    """The rulebook for a run of one city: its counties are expected, ranks and titles are the city's, nobody is selected, and
    only its cuts count. name: the city's, or one of its other names. RulebookError, which offers the names, for
    any other text."""
    wanted = label_of(name).removeprefix(label_of(rulebook.province))
    known = {label_of(spelling): city.name for city in rulebook.cities for spelling in (city.name, *city.aliases)}
    if not known:
        raise RulebookError("规则文件没有列出设区市，不能按市汇总，请去掉 --city。")
    if wanted not in known:
        raise RulebookError(
            f"--city 写的“{name}”{_no_city(rulebook, wanted)}，请写：{'、'.join(rulebook.city_names)}。"
        )
    scope = Scope(city=known[wanted])
    entries = rulebook.model_dump()
    entries["scope"] = scope
    entries["cuts"] = [cut for cut in entries["cuts"] if cut["within"] != "province"]
    entries["titles"] = {
        kind: scope.titled(title) if title and kind not in _TITLES_OF_ONE else title
        for kind, title in entries["titles"].items()
    }
    for level in entries["pool"]["levels"]:
        level["title"] = scope.titled(level["title"])
    return _checked(entries)


def in_scope_of(rulebook: Rulebook, name: str) -> Rulebook:
    """The rulebook for the scope that a manifest names: of a city, else of the province. RulebookError for a city that it
    does not have."""
    return rulebook if name in ("", rulebook.province) else narrowed_to(rulebook, name)


def _no_city(rulebook: Rulebook, wanted: str) -> str:
    """Why a text names no city: a county's name says whose county it is."""
    names = ((county.city, spelling) for county in rulebook.counties for spelling in (county.name, *county.aliases))
    home = sorted({city for city, spelling in names if label_of(spelling) == wanted})
    return f"是区县（属{home[0]}），不是设区市" if len(home) == 1 else f"不是{rulebook.province}的设区市"


def _with_figure(alternative: Alternative, figure: Decimal | None, topic: str) -> Alternative:
    if alternative.asks and figure is None:
        raise RulebookError(f"规则“{topic}”的选项“{alternative.sentence}”还缺一个数，请把 {alternative.asks} 换成数。")
    return alternative if figure is None else alternative.with_figure(figure)


def _set(entries: Any, key: str, value: Any) -> None:
    """Writes the value at a dotted key of dumped entries. A part after a list is the id or label of one entry."""
    *path, last = key.split(".")
    for part in path:
        if isinstance(entries, dict):
            entries = entries[part]
        else:
            entries = next(entry for entry in entries if part in (entry.get("id"), entry.get("label")))
    entries[last] = value
