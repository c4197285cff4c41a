"""One table as every program writes it that is at hand: what a reader must give back is the table itself."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import xlsxwriter

Row = Sequence[str | float | bool | None]

# Texts of digits, marks of XML, a blank in the middle, a line break, spaces at both ends, figures of every size.
TABLE: Sequence[Row] = (
    ("企业名称", "上年度销售收入（万元）", "备注", "电话", "是否推荐"),
    ("杭州甲有限公司", 20000, "Ⅱ类 & <“云”> 'a'", "0571-88888888", True),
    ("宁波乙集团", 0.1, None, "013800000000", False),
    ("温州丙厂", -3.75, "第一行\n第二行", "007", None),
    ("湖州丁（浙江）股份有限公司", 123456789012.5, " 前后有空格 ", "1e5", True),
    ("戊", 1e-7, "😀𠮷", "=甲", None),
    ("己", 0, "0", "#N/A 不适用", None),
)

# Without booleans, `&` and a `=` at the beginning, which some libraries write as no spreadsheet program reads it.
SIMPLE_TABLE: Sequence[Row] = tuple(
    tuple(None if isinstance(value, bool) or str(value)[0] in "Ⅱ=" else value for value in row) for row in TABLE
)


class Writer(NamedTuple):
    """extension: of its files; write: the bytes of a workbook of one sheet that holds the rows; table: what it can
    write."""

    extension: str
    write: Callable[[Sequence[Row]], bytes]
    table: Sequence[Row] = TABLE


def cells_of_table(rows: Sequence[Row]) -> Iterator[tuple[int, int, str | float | bool]]:
    """(row, column, value) of what is not blank, from 0."""
    for number, row in enumerate(rows):
        yield from ((number, column, value) for column, value in enumerate(row) if value is not None)


def _from_file(extension: str, write: Callable[[str], object]) -> bytes:
    """What `write` puts into the file whose path it is given."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{extension}")
        write(str(path))
        return path.read_bytes()


def by_openpyxl(rows: Sequence[Row]) -> bytes:
    return _with_openpyxl(rows, openpyxl.Workbook())


def by_openpyxl_row_by_row(rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for row in rows:
        cells = [openpyxl.cell.WriteOnlyCell(sheet, value=value) for value in row]
        for cell in cells:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _with_openpyxl(rows: Sequence[Row], book: openpyxl.Workbook) -> bytes:
    sheet = book.active
    for row, column, value in cells_of_table(rows):
        cell = sheet.cell(row + 1, column + 1, value)
        if isinstance(value, str):
            cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _by_xlsxwriter(**options: bool) -> Callable[[Sequence[Row]], bytes]:
    def write(rows: Sequence[Row]) -> bytes:
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, **options})
        sheet = book.add_worksheet("表")
        for row, column, value in cells_of_table(rows):
            sheet.write(row, column, value)
        book.close()
        return stream.getvalue()

    return write


def by_pandas(rows: Sequence[Row]) -> bytes:
    stream = io.BytesIO()
    options = {"options": {"strings_to_formulas": False}}
    with pd.ExcelWriter(stream, engine="xlsxwriter", engine_kwargs=options) as writer:
        pd.DataFrame(list(rows), dtype=object).to_excel(writer, sheet_name="表", header=False, index=False)
    return stream.getvalue()


def by_pyexcelerate(rows: Sequence[Row]) -> bytes:
    import pyexcelerate

    book = pyexcelerate.Workbook()
    sheet = book.new_sheet("表")
    for row, column, value in cells_of_table(rows):
        sheet.set_cell_value(row + 1, column + 1, value)
    stream = io.BytesIO()
    book._save(stream)
    return stream.getvalue()


def by_pylightxl(rows: Sequence[Row]) -> bytes:
    import pylightxl

    book = pylightxl.Database()
    book.add_ws("表")
    for row, column, value in cells_of_table(rows):
        book.ws("表").update_index(row + 1, column + 1, value)
    return _from_file(".xlsx", lambda path: pylightxl.writexl(book, path))


def by_xlsxlite(rows: Sequence[Row]) -> bytes:
    from xlsxlite.writer import XLSXBook

    book = XLSXBook()
    sheet = book.add_sheet("表")
    for row in rows:
        sheet.append_row(*("" if value is None else value for value in row))
    return _from_file(".xlsx", lambda path: book.finalize(to_file=path))


def by_excelize(rows: Sequence[Row]) -> bytes:
    """The Go library, which many programs made in China are built on."""
    import excelize

    book = excelize.new_file()
    for row, column, value in cells_of_table(rows):
        book.set_cell_value("Sheet1", f"{'ABCDE'[column]}{row + 1}", value)
    return _from_file(".xlsx", book.save_as)


def by_excelize_row_by_row(rows: Sequence[Row]) -> bytes:
    import excelize

    book = excelize.new_file()
    stream = book.new_stream_writer("Sheet1")
    for number, row in enumerate(rows, start=1):
        stream.set_row(f"A{number}", list(row))
    stream.flush()
    return _from_file(".xlsx", book.save_as)


def by_xlwt(rows: Sequence[Row]) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    for row, column, value in cells_of_table(rows):
        sheet.write(row, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_odfpy(rows: Sequence[Row]) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.teletype import addTextToElement
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    table = Table(name="表")
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, bool):
                cell = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
            elif isinstance(value, int | float):
                cell = TableCell(valuetype="float", value=repr(value))
            else:
                cell = TableCell(valuetype="string") if value else TableCell()
                for text in (value or "").split("\n") if value else ():
                    addTextToElement(paragraph := P(), text)
                    cell.addElement(paragraph)
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


def by_odswriter(rows: Sequence[Row]) -> bytes:
    import odswriter

    stream = io.BytesIO()
    with odswriter.writer(stream) as book:
        sheet = book.new_sheet("表")
        for row in rows:
            sheet.writerow(["" if value is None else value for value in row])
    return stream.getvalue()


WRITERS = {
    "openpyxl": Writer(".xlsx", by_openpyxl),
    "openpyxl, row by row": Writer(".xlsx", by_openpyxl_row_by_row),
    "xlsxwriter": Writer(".xlsx", _by_xlsxwriter()),
    "xlsxwriter, constant memory": Writer(".xlsx", _by_xlsxwriter(constant_memory=True)),
    "pandas": Writer(".xlsx", by_pandas),
    "pyexcelerate": Writer(".xlsx", by_pyexcelerate, SIMPLE_TABLE),
    "pylightxl": Writer(".xlsx", by_pylightxl, SIMPLE_TABLE),
    "xlsxlite": Writer(".xlsx", by_xlsxlite),
    "excelize": Writer(".xlsx", by_excelize),
    "excelize, row by row": Writer(".xlsx", by_excelize_row_by_row),
    "xlwt": Writer(".xls", by_xlwt),
    "odfpy": Writer(".ods", by_odfpy),
    "odswriter": Writer(".ods", by_odswriter),
}
CONVERTED = {
    "LibreOffice, xlsx": ".xlsx",
    "LibreOffice, xls": ".xls",
    "LibreOffice, ods": ".ods",
}


def converted(content: bytes, extension: str, target: Path) -> bytes:
    """The .xlsx as LibreOffice saves it in the format of the extension. target: an empty folder."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    assert soffice is not None
    source = target / "from.xlsx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(target / 'profile').as_uri()}"
    out = target / "out"
    command = [soffice, profile, "--headless", "--convert-to", extension[1:], "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (out / f"from{extension}").read_bytes()
