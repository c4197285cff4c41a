"""What somebody changed between two versions of one sheet, cell by cell, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.issues.phones import mask_figure, mask_phones
from pipeline.issues.where import Where
from pipeline.model.names import name_key
from pipeline.model.records import Assessment, Nomination, Reading, RegionClaim, SheetReading
from pipeline.model.rulebook import Rulebook

_BLANK = "空白"


def changed_cells(before: SheetReading, after: SheetReading, rulebook: Rulebook) -> list[str]:
    """Every cell of 附件1 or 附件2 that reads otherwise, as 研发 N（D15：「待定」改为「3」）, and every company that a list has
    more or less. Of contacts and phones it is said that they changed, not how."""
    words: list[str] = []
    for one, two in zip(before.assessments, after.assessments, strict=False):
        words += _in_forms(one, two, rulebook)
    return words + list(_in_lists(before.nominations, after.nominations, rulebook))


def _in_forms(before: Assessment, after: Assessment, rulebook: Rulebook) -> Iterator[str]:
    yield from _text_changed("企业名称", after.names[0][2], _labelled(before), _labelled(after))
    yield from _regions(before.claims, after.claims, after.anchor)
    code = "统一社会信用代码"
    yield from _text_changed(code, after.credit_code_where, before.credit_code, after.credit_code)
    for one, two in zip(before.answers, after.answers, strict=True):
        item = rulebook.indicator_of[two.indicator]
        yield from _figure_changed(f"{item.label} N", one.n, two.n)
        if item.m == "typed":
            yield from _figure_changed(f"{item.label} M", one.m, two.m)


def _labelled(form: Assessment) -> str:
    return next((text for text, source, _ in form.names if source == "label"), "")


def _regions(before: Iterable[RegionClaim], after: Iterable[RegionClaim], anchor: Where) -> Iterator[str]:
    """What is typed of regions in cells; a folder's or a sheet's name is no cell of the form."""
    typed = [
        {
            claim.where.cell: claim
            for claim in claims
            if claim.where.cell and claim.source in ("column", "label", "title")
        }
        for claims in (before, after)
    ]
    for cell in dict.fromkeys([*typed[0], *typed[1]]):
        old, new = (claims[cell].text if cell in claims else "" for claims in typed)
        yield from _text_changed("区县", anchor._replace(cell=cell), old, new)


def _in_lists(before: Sequence[Nomination], after: Sequence[Nomination], rulebook: Rulebook) -> Iterator[str]:
    known = {name_key(row.company): row for row in before}
    by_cell = {row.where.cell: row for row in before}
    met: set[int] = set()
    for row in after:
        old = known.get(name_key(row.company)) or by_cell.get(row.where.cell)
        if old is None or id(old) in met:
            yield f"增加了{mask_phones(row.company)}（{row.where.cell}）"
            continue
        met.add(id(old))
        yield from _in_rows(old, row, rulebook)
    for row in before:
        if id(row) not in met:
            yield f"删去了{mask_phones(row.company)}（原在 {row.where.cell}）"


def _in_rows(before: Nomination, after: Nomination, rulebook: Rulebook) -> Iterator[str]:
    labels = rulebook.column_labels
    of = f"{mask_phones(after.company)}的"
    yield from _text_changed("企业名称", after.where, before.company, after.company)
    yield from (f"{of}{words}" for words in _regions(before.claims, after.claims, after.where))
    for name in ("order", "business", "recommendation"):
        old, new = getattr(before, name), getattr(after, name)
        yield from (f"{of}{words}" for words in _text_changed(labels[name], None, old, new))
    for name, reading in after.figures.items():
        old_figure = before.figures.get(name, Reading())
        yield from (f"{of}{words}" for words in _figure_changed(labels[name], old_figure, reading))
    for name in ("contact", "phone"):
        if getattr(before, name) != getattr(after, name):
            yield f"{of}{labels[name]}有改动"
    code = "统一社会信用代码"
    yield from _text_changed(of + code, after.credit_code_where, before.credit_code, after.credit_code)


def _text_changed(label: str, where: Where | None, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield _words(label, where, mask_phones(before), mask_phones(after))


def _figure_changed(label: str, before: Reading, after: Reading) -> Iterator[str]:
    if before.raw != after.raw or before.value != after.value:
        yield _words(label, after.where, mask_figure(before.raw), mask_figure(after.raw))


def _words(label: str, where: Where | None, before: str, after: str) -> str:
    cell = f"{where.cell}：" if where and where.cell else ""
    return f"{label}（{cell}「{before or _BLANK}」改为「{after or _BLANK}」）"
