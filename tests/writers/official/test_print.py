"""What a person holds in the hand: sizes of the print, measured in the PDF that LibreOffice makes."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.writers.book.paper import READABLE
from pipeline.writers.county.workbook import write_returned
from pipeline.writers.forms.blank_assessment import write_blank_assessment
from pipeline.writers.forms.blank_nomination import write_blank_nomination
from pipeline.writers.official.pool import write_progress
from pipeline.writers.official.ranking import write_nomination, write_public_list
from tests.support.results_builder import build_results, tested_rulebook

pytestmark = pytest.mark.office

_ZOOM = 3  # pdftohtml tells sizes in whole points of the enlarged page
_FONT = re.compile(r'<fontspec id="(\d+)" size="(\d+)"')
_PAGE = re.compile(r'<page number="(\d+)"[^>]* height="(\d+)" width="(\d+)">(.*?)</page>', re.DOTALL)
_PAPER = re.compile("附件[123](制造业|2024年|全省)|公示名单（")
_TEXT = re.compile(r'<text [^>]*font="(\d+)">(.*?)</text>', re.DOTALL)


def _printed(workbook: Path, libreoffice: str, poppler: str) -> Iterator[tuple[bool, list[float], list[str]]]:
    """Each page: whether it is no larger than A4, the points of its texts, and the texts."""
    profile = f"-env:UserInstallation={(workbook.parent / 'profile').as_uri()}"
    command = [libreoffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(workbook.parent)]
    subprocess.run([*command, str(workbook)], check=True, capture_output=True)
    pdf = str(workbook.with_suffix(".pdf"))
    options = ["-xml", "-i", "-stdout", "-zoom", str(_ZOOM)]
    xml = subprocess.run([poppler, *options, pdf], check=True, capture_output=True, text=True).stdout
    sizes = {number: int(size) / _ZOOM for number, size in _FONT.findall(xml)}
    for _, height, width, content in _PAGE.findall(xml):
        texts = [(sizes[font], re.sub("<[^>]+>", "", text)) for font, text in _TEXT.findall(content)]
        small = max(int(height), int(width)) / _ZOOM < 900
        yield small, [size for size, text in texts if text.strip()], [text for _, text in texts]


@pytest.mark.parametrize("name", ["nomination", "progress", "public", "returned", "assessment", "blank_nomination"])
def test_papers_are_readable(name: str, libreoffice: str, poppler: str, tmp_path: Path) -> None:
    results, path = build_results(), tmp_path / "a.xlsx"
    match name:
        case "nomination":
            write_nomination(path, results)
        case "progress":
            write_progress(path, results)
        case "public":
            write_public_list(path, results)
        case "returned":
            write_returned(path, results, "杭州市", "上城区")
        case "assessment":
            write_blank_assessment(path, tested_rulebook())
        case _:
            write_blank_nomination(path, tested_rulebook())
    pages = list(_printed(path, libreoffice, poppler))
    assert pages and min(min(sizes) for _, sizes, _ in pages) >= READABLE - 0.5 / _ZOOM  # as far as the size is told
    assert not any("###" in text for _, _, texts in pages for text in texts)
    papers = [small for small, _, texts in pages if _PAPER.search("".join(texts)) and "内容相同" not in "".join(texts)]
    assert papers and (all(papers) or name == "returned")  # A4, but with the county's points beside 附件2


def test_figures_of_twelve_digits_are_shown_whole(libreoffice: str, poppler: str, tmp_path: Path) -> None:
    results, path = build_results(), tmp_path / "a.xlsx"
    figures = [123456789012.0, 22325.89, *[42274.0] * (len(results.enterprises) - 2)]
    results.enterprises["revenue"] = figures
    write_nomination(path, results)
    said = "".join(text for _, _, texts in _printed(path, libreoffice, poppler) for text in texts)
    assert "123456789012.00" in said and "22325.89" in said and "42274.00" in said and "###" not in said
