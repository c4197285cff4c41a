"""What stands in a form that is a Word document, and what must come of it. A part of the table in
tests/support/reading_cases.py."""

from __future__ import annotations

from functools import partial

from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Grid
from pipeline.writers.forms.filled import FormAnswer
from tests.support.arrivals import nominated, nomination
from tests.support.container_cases import file
from tests.support.old_formats import ole
from tests.support.reading_cases import BAD, COMPANY, HERE, RULEBOOK, Case, Files, read_pair, read_part
from tests.support.word import in_word, paragraph, run, table_of, word_document
from tests.support.workbooks import assessment_form, full_answers

_MARK = "MARK"
_ITEM = "cloud_storage"
_BOX = '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
_TEXT_BOX = "<w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>改为 3</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r>"
_TICKED = next(item for item in RULEBOOK.ratio_indicators if item.categories)


def _form(content: str, above: str = "", **answers: FormAnswer) -> Files:
    """附件1 as a Word document; `content` is the runs that stand for MARK."""
    filled = full_answers(RULEBOOK, **(answers or {_ITEM: FormAnswer(_MARK, 4)}))
    grid = read_workbook(assessment_form(filled, company=COMPANY, county="上城区")).grids[0]
    return {f"{HERE}/附件1.docx": word_document(above, table_of(grid).replace(run(_MARK), content))}


def _cell(typed: str, content: str, read: str, codes: str = "", above: str = "") -> Case:
    """N of one item typed so, M being 4."""
    return Case(f"云存储 N：{typed}", partial(_form, content, above), partial(read_part, _ITEM, "N"), read, codes)


def _ticks(typed: str, content: str, read: str, codes: str = "") -> Case:
    """Three categories with this in their cells, N being 3."""
    answer = FormAnswer(3, None, dict.fromkeys(_TICKED.categories[:3], _MARK))
    return Case(
        f"数据协同的格子：{typed}",
        partial(_form, content, **{_TICKED.id: answer}),
        partial(read_pair, _TICKED.id),
        read,
        codes,
    )


def _blank_of_names() -> Grid:
    """The table of a filled 附件1 without the rows that name its company and county."""
    grid = read_workbook(assessment_form(full_answers(RULEBOOK), company=COMPANY, county="上城区")).grids[0]
    cells = {address: value for address, value in grid.cells.items() if address[0] not in (3, 4)}
    merges = {start: end for start, end in grid.merges.items() if start[0] not in (3, 4)}
    return Grid(grid.name, cells=cells, merges=merges)


def _wingdings(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


_CELLS = [
    _cell("`2`", run("2"), "2 TB"),
    _cell("`2`，分成几段", run("1") + run(".") + run("5"), "1.5 TB"),
    _cell("`2TB`", run("2TB"), "2 TB"),
    _cell("`12`，其中 `1` 画了删除线", run("1", "<w:strike/>") + run("2"), BAD, "V01"),
    _cell("`2`，右上角 `2`", run("2") + run("2", '<w:vertAlign w:val="superscript"/>'), BAD, "V01"),
    _cell(
        "修订：删去 `1`，增加 `2`",
        f"<w:del><w:r><w:delText>1</w:delText></w:r></w:del><w:ins>{run('2')}</w:ins>",
        "2 TB",
        "F26",
    ),
    _cell("公式编辑器写的 `2`", "<m:oMath><m:r><m:t>2</m:t></m:r></m:oMath>", BAD, "V01"),
    _cell("一张图片", "<w:r><w:drawing><wp:inline/></w:drawing></w:r>", BAD, "V01"),
    _cell("`2`，旁边文本框写着 `改为 3`", run("2") + _TEXT_BOX, "2 TB", "F27"),
    _cell("`2`，后面有隐藏的 `0`", run("2") + run("0", "<w:vanish/>"), "2 TB", "F27"),
    _cell("下拉框里选的 `2`", f"<w:sdt><w:sdtPr/><w:sdtContent>{run('2')}</w:sdtContent></w:sdt>", "2 TB"),
    _ticks("打了勾的复选框", _BOX.format(1, run("☒")), "N 3 类，M 6 类"),
    _ticks("没打勾的复选框", _BOX.format(0, run("☐")), "N 3 类，M 6 类", "V31"),
    _ticks("Wingdings 2 的勾", _wingdings("Wingdings 2", "F052"), "N 3 类，M 6 类"),
    _ticks("Wingdings 的叉框", _wingdings("Wingdings", "F0FD"), "N 不采用，M 6 类；本项不计分", "V33"),
]

_FILES = [
    file(
        "附件1.docx，企业名称写在表格上方",
        "附件1.docx",
        lambda: word_document(paragraph(f"企业名称：{COMPANY}"), table_of(_blank_of_names())),
        "附件1",
    ),
    file("附件2.docx", "附件2.docx", lambda: in_word(nomination(nominated(1, COMPANY))), "附件2，1 家"),
    file("附件1.wps，内容是 docx", "附件1.wps", lambda: next(iter(_form(run("2")).values())), "附件1"),
    file("合同.docx", "合同.docx", lambda: word_document(paragraph("服务合同")), "佐证材料"),
    file("附件1.doc（Word 97—2003）", "附件1.doc", lambda: ole({"WordDocument": b"\xec\xa5"}), "没有读取", "F14"),
    file("说明.rtf", "说明.rtf", lambda: b"{\\rtf1 x}", "没有读取", "F14"),
]


WORD_GROUPS = {"Word 文档：格子里的内容": _CELLS, "Word 文档：各种文件": _FILES}
