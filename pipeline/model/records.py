"""What readers hand over: plain, picklable records, one class for each kind of row, each with its cell.

Readers run in other processes; nothing here imports pandas. `readers/settling` turns records into tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.issues.catalogue import Code
from pipeline.issues.issue import NO_FACTS, Issue
from pipeline.issues.where import Where
from pipeline.model.decisions import Decision

NO_WHERE = Where()


class Reading(NamedTuple):
    """One typed value as understood: 原值 (raw), 识别值 (read) and where it stands.

    state: ok · blank · none (无, 不涉及 …) · error · absent (nothing is asked for here).
    value: the number in the column's unit; None when blank or error; 0.0 when none.
    code: of the remark or error that the reading gives rise to, None without one; facts fill its text.
    rule: how the reading differs from the typed text in more than formatting, in Chinese; "" when it does not.
    decided: whether a person decided the value (采用值); read is then the number that the program had read.
    """

    raw: str = ""
    value: float | None = None
    state: str = "absent"
    code: Code | None = None
    facts: Mapping[str, str] = NO_FACTS
    rule: str = ""
    where: Where = NO_WHERE
    decided: bool = False
    read: float | None = None


class Answer(NamedTuple):
    """One ratio indicator of one 附件1: its N and M."""

    indicator: str
    n: Reading
    m: Reading


@dataclass(frozen=True)
class RegionClaim:
    """A region as one source names it: the text, what it resolves to, and the cell it stands in.

    source: column, section (a heading between a list's rows), title, label, sheet (its name) or folder.
    city and county are "" when the text does not resolve; candidates lists the regions it could mean.
    """

    text: str
    source: str
    city: str = ""
    county: str = ""
    candidates: tuple[str, ...] = ()
    where: Where = NO_WHERE


@dataclass(frozen=True)
class Assessment:
    """One company's 附件1: one sheet.

    names: (text, source, where) with the best source first: label, sheet, file, folder.
    anchor: a cell of the form, for issues that have no better one.
    order: sorts two forms of one company: (time saved or "", path, sheet).
    """

    anchor: Where
    names: tuple[tuple[str, str, Where], ...]
    claims: tuple[RegionClaim, ...]
    credit_code: str
    answers: tuple[Answer, ...]
    order: tuple[str, str, str]
    issues: tuple[Issue, ...] = ()
    credit_code_where: Where = NO_WHERE

    @property
    def blank(self) -> bool:
        """True when no N and no M is typed (未填写). An item that the form itself lacks does not matter."""
        readings = [reading for answer in self.answers for reading in (answer.n, answer.m)]
        return all(
            reading.state in ("blank", "absent") or (reading.state == "error" and not reading.raw and not reading.code)
            for reading in readings
        )


@dataclass(frozen=True)
class Nomination:
    """One row of an 附件2: a company as its county nominates it.

    figures: by column id (revenue, profit, it_spend, cloud_spend). order: the 序号 as typed. refused: whether
    经信部门推荐意见 says no.
    """

    company: str
    where: Where
    claims: tuple[RegionClaim, ...]
    order: str
    business: str
    figures: dict[str, Reading]
    contact: str
    phone: str
    phone_where: Where
    recommendation: str
    refused: bool
    issues: tuple[Issue, ...] = ()
    credit_code: str = ""
    credit_code_where: Where = NO_WHERE


class Mark(NamedTuple):
    """One expert's mark for one item of one company. state: given · blank · recused · error. reason: why the expert
    recuses himself, as typed."""

    company: str
    indicator: str
    expert: str
    mark: float | None
    state: str
    where: Where
    name_where: Where
    reason: str = ""


class PoolCount(NamedTuple):
    """One figure of a pool workbook.

    item: a year ("2021"), cumulative, target or progress; the sums are printed claims to check. value: None for what is
    no number and for a year that is `blank` beside other figures of its row.
    """

    level: str
    region: str
    item: str
    value: float | None
    where: Where
    blank: bool = False


class PoolName(NamedTuple):
    """One company of a pool workbook's list of names."""

    level: str
    city: str
    county: str
    company: str
    year: int
    where: Where


class Statement(NamedTuple):
    """What somebody wrote in the column 情况说明 beside an issue's 编号 (id). city, county: of the place it was sent from,
    "" without one; it may be about that county's or city's issues alone."""

    id: str
    text: str
    where: Where
    city: str = ""
    county: str = ""


class SentPaper(NamedTuple):
    """A file that arrived of a company without a usable 附件1. why: "form", a paper that is called like an 附件1; "paper",
    any other; "anybody's", one called like an 附件1 that names no company; "unread", a file that could not be read;
    "refused", an 附件1 that does not count; "torn", one that waits for T15 on its company alone."""

    path: str
    why: str


class TableRow(NamedTuple):
    """One row of a form that has a table of its own: a text for each column that its kind declares, and the cell it
    begins in."""

    texts: Mapping[str, str]
    where: Where


@dataclass
class SheetReading:
    """The records of one sheet.

    kind: the id of a FormKind. nil_claims: the counties that the sheet reports as nominating nobody. rows: of a form
    that has a table of its own. titled_expert: the expert by the name of the sheet or the file, the path where neither
    names one; numbered_expert: the same with the numbers that were taken off its end, "" without numbers. more: names
    of companies beyond those that one file may nominate, of which nothing else is read. superseded: whether a corrected
    copy counts instead, so that nothing of it is left.
    """

    sheet: str
    kind: str
    assessments: list[Assessment] = field(default_factory=list)
    nominations: list[Nomination] = field(default_factory=list)
    nil_claims: list[RegionClaim] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    pool_counts: list[PoolCount] = field(default_factory=list)
    pool_names: list[PoolName] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    claims: tuple[RegionClaim, ...] = ()
    issues: list[Issue] = field(default_factory=list)
    remark: str = ""
    titled_expert: str = ""
    numbered_expert: str = ""
    more: int = 0
    superseded: bool = False


class FileBytes(NamedTuple):
    """What is known of a file without reading what it says.

    size: in bytes. words: what its first bytes are, in Chinese (PDF 文件, 图片 …), "" for a kind that they do not tell. mark:
    equal for equal bytes; of a file that was opened its SHA-256, of one in an archive that was not, its size and checksum
    as the archive's list has them.
    """

    size: int
    words: str
    mark: str


@dataclass
class FileReading:
    """The records of one file.

    kind: of its first recognised sheet, else of the file itself. demo: whether it bears a sample's stamp. zip: whether
    it is an archive whose files can be read. unread: names of sheets that were not recognised. statements: what a county
    wrote in a list that it got back. source: the file of the input that holds its bytes; inside: its position in each
    archive on the way there. decisions: whether it is the one file whose decisions count. seconds: the CPU time that the
    file of the input took so far, with everything in it. bytes: None for a file that was not looked at. systems: how many
    systems its 系统清单 list. made_from: the SHA-256 of the files that a marked copy says it was made from, the nearest
    first. saved: the time of the last saving by its own word. returned: of a result of ours, the rows of its 附件2 as they
    stand there now; resaved: whether another program saved it.
    traceless: whether it is a workbook that is no form and bears nothing of one.
    """

    path: str
    sha256: str
    kind: str
    sheets: list[SheetReading] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    remark: str = ""
    demo: bool = False
    zip: bool = False
    unread: tuple[str, ...] = ()
    statements: list[Statement] = field(default_factory=list)
    source: str = ""
    inside: tuple[int, ...] = ()
    decisions: bool = False
    seconds: float = field(default=0.0, compare=False)
    bytes: FileBytes | None = None
    systems: int = 0
    made_from: tuple[str, ...] = ()
    saved: str = ""
    returned: tuple[Nomination, ...] = ()
    resaved: bool = False
    traceless: bool = False
