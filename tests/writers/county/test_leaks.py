"""A county gets back nothing of another county, and a city nothing of another city: every part of every file of a hundred
returned folders is searched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline import run
from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.names import credit_code_valid
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.readers.intake.file import read_file
from pipeline.readers.settling.gather import gather
from pipeline.readers.values.lexicon import Lexicon
from pipeline.writers.county.folder import zip_folder
from pipeline.writers.output import city_folders, county_folders, job_of, write_city_summary, write_county
from tests.support.arrivals import nominated, nomination
from tests.support.decisions import decisions
from tests.support.rulebooks import tested_rulebook
from tests.support.small_province import marks
from tests.support.workbooks import form_rows, full_answers, workbook

pytestmark = pytest.mark.slow

BRAND = "檀"  # with the letter after it, in no other word: 檀云 is one county's and only that one's
CAUSES_TO_NAME_OTHERS = {"X05", "X06", "X07", "X20", "T15"}


class Seat(NamedTuple):
    """One county: every text and figure of its companies tells its number."""

    number: int
    city: str
    county: str

    @property
    def brand(self) -> str:
        return BRAND + chr(0x4F60 + self.number)

    @property
    def folder(self) -> str:
        return f"{self.city}/{self.county}"

    def company(self, place: int) -> str:
        return f"{self.brand}{'甲乙丙丁戊己庚'[place]}机械有限公司"

    def figure(self, place: int) -> int:
        """Eight digits: 77, the county, the place."""
        return 77_000_000 + 1000 * self.number + place

    def row(self, place: int, name: str = "", **cells: str) -> str:
        typed = {
            "business": f"{self.brand}主营",
            "revenue": f"{self.figure(100 + place)}",
            "contact": f"{self.brand}联络",
            "phone": f"'139{self.figure(place)}",
            "it": "20",
            "cloud": "10",
            "profit": f"{self.figure(200 + place)}",
        }
        return nominated(place + 1, name or self.company(place), self.county, **(typed | cells))

    def form(self, place: int, rulebook: Rulebook, name: str = "", code: str = "", **answers: object) -> bytes:
        """A form with this county's figures, said to be of the company `name`."""
        storage = (self.figure(300 + place), self.figure(400 + place))
        typed = {"cloud_storage": storage, "cloud_spend": (10, 20), **answers}
        rows, _ = form_rows(rulebook, full_answers(rulebook, **typed))
        labels = ["企业名称：", name or self.company(place), "区县：", self.county, "统一社会信用代码：", code]
        return workbook({"附件1": [labels, *rows]})


def hundred_counties(rulebook: Rulebook) -> tuple[Rulebook, list[Seat]]:
    """Every county of the list, and zones that report for themselves until there are a hundred."""
    counties = [(county.city, county.name) for county in rulebook.expected_counties]
    names = [name for _, name in counties]
    apart = [zone for zone in rulebook.zones if not any(name in zone.name for name in names)]
    reporting = {zone.name for zone in apart[: 100 - len(counties)]}
    zones = tuple(zone.model_copy(update={"reports": zone.name in reporting}) for zone in rulebook.zones)
    counties += [(zone.city, zone.name) for zone in zones if zone.reports]
    return rulebook.model_copy(update={"zones": zones}), [Seat(number, *place) for number, place in enumerate(counties)]


def credit_code(seat: Seat) -> str:
    begin = f"91330000{77_000_000 + seat.number:08d}"[:16] + "X"
    return next(begin + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if credit_code_valid(begin + last))


def arrivals(seats: list[Seat], rulebook: Rulebook) -> dict[str, bytes]:
    """Three companies a county, and in every county one thing that ties it to the next."""
    files: dict[str, bytes] = {}
    lists = {seat.folder: [seat.row(place) for place in range(3)] for seat in seats}
    owners = []
    for seat, other in zip(seats, [*seats[1:], seats[0]], strict=True):
        home, next_door = (f"{one.folder}/附件1/{one.brand}" for one in (seat, other))
        code = credit_code(seat)
        answers = {"research": (f"待定{seat.brand}", 4), "office": (2, f"{seat.figure(500)}公里")}
        files[f"{home}0.xlsx"] = seat.form(0, rulebook, **answers)
        files[f"{home}1.xlsx"] = seat.form(1, rulebook)
        files[f"{other.folder}/附件1/{seat.company(1)}的发票.pdf"] = b"%PDF"
        if seat.number % 5 == 0:  # nominated by both
            lists[other.folder].append(other.row(5, seat.company(0)))
            owners += [f"{seat.company(0)}|{seat.city}{seat.county}"] if seat.number % 2 else []
        if seat.number % 5 == 1:  # assessed by both; who it belongs to is decided for some only
            files[f"{next_door}外1.xlsx"] = other.form(1, rulebook, name=seat.company(1))
            owners += [f"{seat.company(1)}|{seat.city}{seat.county}"] if seat.number % 2 else []
        if seat.number % 5 == 2:  # one code for a company of each
            files[f"{home}2.xlsx"] = seat.form(2, rulebook, code=code)
            files[f"{next_door}2.xlsx"] = other.form(2, rulebook, code=code)
        if seat.number % 5 == 4:  # another name under the code, next door
            files[f"{home}2.xlsx"] = seat.form(2, rulebook, code=code)
            files[f"{next_door}外2.xlsx"] = other.form(6, rulebook, code=code)
            owners.append(f"{seat.company(2)}|{seat.city}{seat.county}")
            files[f"收件/{other.company(0)}/{seat.brand}3.xlsx"] = seat.form(3, rulebook, research=("多", 4))
    for seat in seats:
        files[f"{seat.folder}/附件2.xlsx"] = nomination(*lists[seat.folder])
    first = [seat for seat in seats if seat.city == seats[0].city]
    files[f"{first[0].city}/全市推荐.xlsx"] = nomination(*(seat.row(0) for seat in first))
    files["专家.xlsx"] = marks(*(seat.company(0) for seat in seats), expert=f"{BRAND}专家", mark=9)
    files["人工决定.xlsx"] = decisions(归属="\n".join(owners))
    return files


@pytest.fixture(scope="module")
def seats_and_results() -> tuple[list[Seat], Results]:
    rulebook, seats = hundred_counties(tested_rulebook())
    reader = Lexicon.of(rulebook)
    files = arrivals(seats, rulebook)
    readings = [
        replace(read_file(path, content, reader), decisions=path == WORKBOOK_NAME)
        for path, content in sorted(files.items())
    ]
    results = run.evaluate(gather(readings, rulebook), run.Options(1))
    return seats, replace(results, originals=files.get)


@pytest.fixture(scope="module")
def written(seats_and_results: tuple[list[Seat], Results], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output with what counties and cities get back."""
    _, results = seats_and_results
    counties = county_folders(results)
    job = job_of(tmp_path_factory.mktemp("returned"), results, counties, 2)
    for county in counties:
        write_county(job, county)
    for city in city_folders(results, counties):
        write_city_summary(job, city)
        zip_folder(job.folder / city.path, results.date)
    return job.folder


@pytest.fixture(scope="module")
def of_cities(seats_and_results: tuple[list[Seat], Results], written: Path) -> dict[str, str]:
    """City → every text in what it gets back: its folder, with all its counties', and its zip."""
    _, results = seats_and_results
    found = {}
    for city in city_folders(results, county_folders(results)):
        folder = written / city.path
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        texts = [text for path in files for text in texts_of(path.name, path.read_bytes())]
        found[city.city] = "\n".join([*texts, *packed(folder)])
    return found


@pytest.fixture(scope="module")
def returned(seats_and_results: tuple[list[Seat], Results], written: Path) -> dict[tuple[str, str], str]:
    """(city, county) → every text in what it gets back: of its folder, then of its zip, names of files included."""
    _, results = seats_and_results
    found = {}
    for county in county_folders(results):
        folder = written / county.path
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        texts = [text for path in files for text in texts_of(path.name, path.read_bytes())]
        found[county.city, county.county] = "\n".join([*texts, *packed(folder)])
    return found


def packed(folder: Path) -> Iterator[str]:
    """What the zip beside a folder says besides the files of the folder, which it holds byte for byte."""
    with zipfile.ZipFile(folder.with_name(f"{folder.name}.zip")) as archive:
        yield f"{archive.comment!r}"
        for entry in archive.infolist():
            yield f"{entry.filename}{entry.comment!r}{entry.extra!r}"
            assert archive.read(entry) == (folder.parent / entry.filename).read_bytes()
        assert len(archive.namelist()) == sum(path.is_file() for path in folder.rglob("*"))


def texts_of(name: str, content: bytes) -> Iterator[str]:
    """A file's name and content as text; of an archive and a workbook every part, and every part of those in it."""
    yield name
    if not content.startswith(b"PK"):
        yield content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield archive.comment.decode("utf-8", "replace")
        for entry in archive.infolist():
            yield f"{entry.comment!r}{entry.extra!r}"
            yield from texts_of(entry.filename, archive.read(entry))


def test_a_hundred_counties_get_a_folder(seats_and_results: tuple[list[Seat], Results], returned: Mapping[tuple, str]):
    seats, results = seats_and_results
    assert len(seats) == 100 and set(returned) == {(seat.city, seat.county) for seat in seats}
    assert {issue.code for issue in results.issues} >= CAUSES_TO_NAME_OTHERS | {"E01"}
    assert sum("已标注/" in text for text in returned.values()) == 100


def test_a_county_finds_its_own_things(seats_and_results: tuple[list[Seat], Results], returned: Mapping[tuple, str]):
    """What the other tests look for can be found at all."""
    for seat in seats_and_results[0]:
        text = returned[seat.city, seat.county]
        own = (f"139{seat.figure(2)}", f"{seat.figure(102)}", f"{seat.brand}联络", f"待定{seat.brand}", seat.company(2))
        assert [thing for thing in own if thing not in text] == [], seat


def test_no_name_of_another_county(seats_and_results: tuple[list[Seat], Results], returned: Mapping[tuple, str]):
    seats, _ = seats_and_results
    for seat in seats:
        text = returned[seat.city, seat.county]
        assert set(re.findall(f"{BRAND}.", text)) == {seat.brand}, seat
        foreign = [other.county for other in seats if other.county not in seat.county and other.county in text]
        assert foreign == [], seat


def test_no_figure_and_no_phone_of_another_county(
    seats_and_results: tuple[list[Seat], Results], returned: Mapping[tuple, str]
):
    for seat in seats_and_results[0]:
        text = returned[seat.city, seat.county]
        figures = re.findall(r"(?<![\d.])(?:139)?77(\d{3})\d{3}(?![\d.])", text)
        assert {int(number) for number in figures} == {seat.number}, seat


def test_nothing_of_another_city(seats_and_results: tuple[list[Seat], Results], of_cities: Mapping[str, str]):
    """No name, figure, phone or county of another city in anything that a city gets back."""
    seats, _ = seats_and_results
    assert set(of_cities) == {seat.city for seat in seats} and len(of_cities) == 11
    for city, text in of_cities.items():
        own = [seat for seat in seats if seat.city == city]
        assert set(re.findall(f"{BRAND}.", text)) == {seat.brand for seat in own}, city
        figures = re.findall(r"(?<![\d.])(?:139)?77(\d{3})\d{3}(?![\d.])", text)
        assert {int(number) for number in figures} == {seat.number for seat in own}, city
        foreign = [seat.county for seat in seats if seat.city != city and seat.county in text]
        assert [county for county in foreign if not any(county in seat.folder for seat in own)] == [], city
        assert not [seat.city for seat in seats if seat.city != city and seat.city in text], city


def test_the_workbook_of_a_city_tells_of_all_its_counties(seats_and_results: tuple[list[Seat], Results], written: Path):
    seats, results = seats_and_results
    for city in city_folders(results, county_folders(results)):
        content = (written / city.path / f"{city.city}汇总.xlsx").read_bytes()
        text = "\n".join(texts_of("", content))
        own = [seat for seat in seats if seat.city == city.city]
        assert [seat for seat in own if seat.county not in text or seat.company(0) not in text] == []
        assert not re.search("139[0-9]{8}|联络", text), city  # contacts stand in the counties' 附件2 alone


def test_the_zip_of_a_city_holds_its_whole_folder(seats_and_results: tuple[list[Seat], Results], written: Path):
    seats, _ = seats_and_results
    first = seats[0].city
    with zipfile.ZipFile(written / "返还" / f"{first}.zip") as archive:
        names = set(archive.namelist())
    assert {f"{first}/{first}汇总.xlsx", *(f"{seat.folder}.zip" for seat in seats if seat.city == first)} <= names
