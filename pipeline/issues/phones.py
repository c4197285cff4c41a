"""Phone numbers in texts: what is one, and how it is hidden.

**What is one.** Seven digits or more, of any script, circled, raised or written as 一二三, with at most three characters
between one and the next (`numerals.are_close`), whatever these are: dots, letters, signs, with any number of blanks,
line breaks and characters that nobody sees. So is a mobile number (1[3-9] and nine more digits) and a landline number
with its area code, be a part of it a date by itself.

**What is none.** A day, a month or a year (2023-05-20, 20230520, 2023年5月20日, 2021、2022年, 二〇二三年五月), a time of day,
a standard (GB/T 19001-2016), a 统一社会信用代码 (18 characters with the right check character, or ones that begin as one
does and do not end in a mobile number), the 编号 of an issue, the country code 86, and zeros alone.

**What is hidden where.** A text that somebody typed goes through `mask_phones`: names of companies, people, files and
sheets, 主营业务, 推荐意见, 情况说明, reasons, decisions, whatever a message quotes. What somebody typed as a figure where a
figure is asked for goes through `mask_figure`: one number stays however long it is. Texts side by side go through
`mask_joined`. Sentences and figures of this program go through nothing. Exact are only 联系人 and 联系电话 of 附件2 in
their own columns, and paths in files.csv, manifest.json and 收件台账.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from pipeline.issues.issue import LIST_ID_PATTERN
from pipeline.issues.numerals import ANY_NUMERAL, NUMERALS, are_close, digits_of, is_unseen

MASK = "****"

_FEWEST = 7  # digits of a phone number
_WIDEST_GAP = 3  # characters between two of its digits
_MOBILE_HEAD, _MOBILE_TAIL, _TAIL = 3, 4, 3  # digits that stay: of a mobile number, at the end of any other
_LONGEST = 16  # digits of a mobile number with its country code
_WORD = 2  # letters side by side, or characters of Chinese: words between digits, which stay

_ENOUGH = re.compile(f"(?:[^{NUMERALS}]*+[{NUMERALS}]){{{_FEWEST}}}")
_MOBILE = re.compile(r"((?:00)?86|0)?(?:1[3-9]\d{9})+")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))[1-9]\d{6,7}")
_MOBILE_IN_ONE_PIECE = re.compile(r"(?<!\d)(?<!\d\.)(?:(?:00)?86|0)?(1[3-9]\d{9})(?!\d)")
_MOBILE_AT_END = re.compile(r"1[3-9]\d{9}$")

_YEAR, _MONTH, _DAY = r"(?:19[4-9]\d|20[0-4]\d)", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_CLOCK = r"(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d(?:\.\d{1,6})?)?Z?"
_HAN = "〇零○一二三四五六七八九十廿卅"
_DATES = re.compile(
    r"(?<!\d)(?:"
    rf"{_YEAR}\s?[-./年_]\s?{_MONTH}\s?[-./月_]\s?{_DAY}\s?[日号]?(?:[\sT_]{{0,2}}{_CLOCK})?"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[_T -]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d\d)?)?)?"
    rf"|{_YEAR}\s?年\s?{_MONTH}\s?月|{_YEAR}[-./]{_MONTH}"
    rf"|{_YEAR}(?:\s?[-—–～~至到、/和及,，]\s?{_YEAR})+\s?年?|{_YEAR}\s?年"
    rf"|(?<![:：]){_CLOCK}"
    rf"|(?<=[A-Z/]T|GB|JB|HJ|YY)\s?\d{{3,5}}(?:\.\d{{1,2}})?[-—:：]{_YEAR}|(?<=ISO|IEC)\s?\d{{3,5}}(?:[-—:：]{_YEAR})?"
    r"|(?:00)?86(?=[\s)）-]{0,3}1[3-9]\d)"
    r")(?![:：]?\d)"
    f"|[{_HAN}]{{4}}年(?:[{_HAN}]{{1,3}}月(?:[{_HAN}]{{1,3}}[日号])?)?"
)
_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODES = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    rf"(?P<credit>(?i:[{_CODE_SIGNS}]{{2}}(?:[1-3][1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{{4}}[{_CODE_SIGNS}]{{10}}))"
    f"|{LIST_ID_PATTERN})(?![0-9A-Za-z])"
)
_DIGITS = re.compile(f"[{NUMERALS}]+")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")

_NUMBER = re.compile(r"(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:[.．]\d+)?(?:[Ee][+-]?\d{1,3})?")
_AROUND_NUMBERS = re.compile(
    r"[约近超过大于小不足以上内左右余多为共计元万亿千百角分台套个项类件条家人核米吨级公里亩升瓦时天秒度次户辆TGPMKBtb%‰￥¥$€£+\-−－<>≤≥＜＞=~～()（）\s'.。]*"
)
_NOT_OF_ITS_VALUE = re.compile("[,，]|[.．]0*$")

_DATE, _CODE = 1, 2  # what the characters of a date and of a code are marked with


class _Group(NamedTuple):
    """Digits of one kind between which nothing is seen. positions: where in the text each of `digits` stands. is_word: they
    are words too, 一 … 九."""

    digits: str
    positions: tuple[int, ...]
    is_word: bool


class _Phone(NamedTuple):
    """A number of a usual form, `first` and `last` of its groups in a run. prefix: how many digits of it are a country
    code; head, tail: how many digits behind that and at its end stay."""

    first: int
    last: int
    prefix: int
    head: int
    tail: int


class _Span(NamedTuple):
    """A stretch of a text that is hidden, and what stays of it in front of the asterisks."""

    begin: int
    end: int
    kept: str = ""


def mask_phones(text: str) -> str:
    """The text with the middle of every phone number replaced by ****.

    Of a mobile number the first 3 and the last 4 digits stay, of a landline number the area code and the last 3, of any
    other the last 3; where several stand close together, the first of the first and the last of the last. Words between
    digits stay. A masked text comes back as it is.
    """
    while spans := _hidden(text):  # what stays of one number may be another with the digits beside it
        text = _without(text, spans)
    return text


def mask_figure(text: str) -> str:
    """What was typed where a figure is asked for, phones masked. One number stays, be it 20000000, 1,234,567.89 or
    约 20000000元, unless it is a mobile number, begins with an area code or has words beside it that no figure has."""
    if not _has_enough(text):
        return text
    plain = _with_plain_digits(text)
    number = _NUMBER.search(plain)
    if number is None or not _AROUND_NUMBERS.fullmatch(plain[: number.start()] + plain[number.end() :]):
        return mask_phones(text)
    digits = _NOT_OF_ITS_VALUE.sub("", number[0])
    return mask_phones(text) if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) else text


def mask_joined(texts: Iterable[str]) -> list[str]:
    """Texts that stand side by side, such as neighbouring cells, with the phones masked that are in one of them or go
    on from one to the next."""
    masked = [mask_phones(text) for text in texts]
    while spans := _hidden("\n".join(masked)):
        begins = accumulate((len(text) + 1 for text in masked), initial=0)
        masked = [_without(text, _inside(spans, begin, text)) for begin, text in zip(begins, masked, strict=False)]
    return masked


def mask_mobiles(text: str) -> str:
    """A sentence of this program with figures in it, with mobile numbers in one piece masked: there should be none."""
    if not _has_enough(text):
        return text
    plain = _with_plain_digits(text)
    for match in reversed(list(_MOBILE_IN_ONE_PIECE.finditer(plain))):
        head, tail = match.start(1) + _MOBILE_HEAD, match.end() - _MOBILE_TAIL
        text = f"{text[:head]}{MASK}{text[tail:]}"
    return text


def phones_in(texts: Sequence[str]) -> list[int]:
    """The positions of those texts that hold a phone number or a part of one, where the texts stand side by side: the
    cells of a row or of a column, the runs of a paragraph. Figures in the columns of a form are no texts; whoever asks
    leaves them out or looks at each with `mask_figure`."""
    masked = mask_joined(texts)
    return [position for position, text in enumerate(texts) if masked[position] != text]


def _has_enough(text: str) -> bool:
    """True for a text with enough digits for a phone number, wherever they stand."""
    return len(text) >= _FEWEST and _ENOUGH.match(text) is not None


# ---------------------------------------------------------------------------------------- digits that stand together


def _hidden(text: str) -> list[_Span]:
    """The stretches of the text that are hidden, in order and apart."""
    if not _has_enough(text):
        return []
    runs = [run for run in _runs(text, _groups(text)) if _count(run) >= _FEWEST]
    if not runs:
        return []
    marks = _marks(text)
    parts = (part for run in runs for part in _between_codes(run, marks) if _count(part) >= _FEWEST)
    return [span for part in parts for span in _hidden_of_run(text, part, marks)]


def _count(groups: Iterable[_Group]) -> int:
    return sum(len(group.digits) for group in groups)


def _runs(text: str, groups: Iterable[_Group]) -> Iterator[list[_Group]]:
    """The groups of digits that stand close together, each such list by itself. What is masked already parts two runs."""
    run: list[_Group] = []
    for group in groups:
        between = text[run[-1].positions[-1] + 1 : group.positions[0]] if run else ""
        if run and (MASK in between or not are_close(between, _WIDEST_GAP)):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _groups(text: str) -> Iterator[_Group]:
    """The groups of digits of a text."""
    pieces: list[_Group] = []
    for piece in _pieces(text):
        if pieces and not (
            _is_nothing(text[pieces[-1].positions[-1] + 1 : piece.positions[0]]) and pieces[-1].is_word == piece.is_word
        ):
            yield _as_one(pieces)
            pieces = []
        pieces.append(piece)
    if pieces:
        yield _as_one(pieces)


def _as_one(pieces: Sequence[_Group]) -> _Group:
    digits = "".join(piece.digits for piece in pieces)
    positions = tuple(position for piece in pieces for position in piece.positions)
    return _Group(digits, positions, pieces[0].is_word)


def _pieces(text: str) -> Iterator[_Group]:
    """The digits of a text in pieces: those of ASCII as they stand together, the others one by one."""
    for match in _DIGITS.finditer(text):
        begin, end = match.span()
        if match[0].isascii():
            yield _Group(match[0], tuple(range(begin, end)), is_word=False)
            continue
        for position in range(begin, end):
            if digits := digits_of(text[position]):
                yield _Group(digits, (position,) * len(digits), _is_word(text[position]))


def _is_word(numeral: str) -> bool:
    """True for 一 … 九 and the like, which are words too, as in 张三13900001234."""
    return numeral == "〇" or unicodedata.category(numeral) == "Lo"


def _is_nothing(between: str) -> bool:
    """True for a text of which nothing is seen, not even a blank."""
    return not between or (all(map(is_unseen, between)) and not any(map(str.isspace, between)))


def _between_codes(run: Iterable[_Group], marks: bytearray) -> Iterator[list[_Group]]:
    """The groups of a run that stand before, between and after codes."""
    part: list[_Group] = []
    for group in run:
        if _CODE in (marks[group.positions[0]], marks[group.positions[-1]]):
            yield part
            part = []
        else:
            part.append(group)
    yield part


def _marks(text: str) -> bytearray:
    """For every character of the text whether it is of a date (_DATE), of a code (_CODE) or of neither (0)."""
    plain = _with_plain_digits(text)
    marks = bytearray(len(text))
    for match in _DATES.finditer(plain):
        marks[match.start() : match.end()] = bytes([_DATE]) * len(match[0])
    for match in _CODES.finditer(plain):
        if not match["credit"] or _is_credit_code(match["credit"]):
            marks[match.start() : match.end()] = bytes([_CODE]) * len(match[0])
    return marks


def _with_plain_digits(text: str) -> str:
    """The text with every decimal digit as 0 … 9, each character where it was."""
    return text if text.isascii() else _FOREIGN_DIGIT.sub(lambda match: digits_of(match[0]), text)


def _is_credit_code(code: str) -> bool:
    """True when the check character is right (GB 32100-2015), and for a code that does not end in a mobile number."""
    values = [_CODE_SIGNS.index(sign) for sign in code.upper()]
    total = sum(value * pow(3, position, 31) for position, value in enumerate(values[:17]))
    return -total % 31 == values[17] or not _MOBILE_AT_END.search(code)


# ---------------------------------------------------------------------------------------- what is hidden of them


def _hidden_of_run(text: str, run: Sequence[_Group], marks: bytearray) -> Iterator[_Span]:
    """What is hidden between the dates of a run: wherever there are seven digits or more."""
    is_date = [marks[group.positions[0]] == marks[group.positions[-1]] == _DATE for group in run]
    phones = list(_phones(run, is_date))
    of_phones = {number for phone in phones for number in range(phone.first, phone.last + 1)}
    dates = [number for number in range(len(run)) if is_date[number] and number not in of_phones]
    for before, after in pairwise([-1, *dates, len(run)]):
        digits = "".join(group.digits for group in run[before + 1 : after])
        if len(digits) >= _FEWEST and digits.strip("0"):
            inside = [phone for phone in phones if before < phone.first < after]
            moved = [phone._replace(first=phone.first - before - 1, last=phone.last - before - 1) for phone in inside]
            yield from _hidden_of_part(text, run[before + 1 : after], moved)


def _phones(run: Sequence[_Group], is_date: Sequence[bool]) -> Iterator[_Phone]:
    """The mobile numbers and the landline numbers with area codes in a run. Each begins and ends with a group, and is
    more than dates. is_date: by group."""
    first = 0
    while first < len(run):
        is_country_code = is_date[first] and run[first].digits in ("86", "0086")
        phone = None if is_country_code else _phone_from(run, first)
        if phone and not all(is_date[first : phone.last + 1]):
            yield phone
            first = phone.last
        first += 1


def _phone_from(run: Sequence[_Group], first: int) -> _Phone | None:
    """The longest number of a usual form that begins with the group `first`."""
    digits, phone = "", None
    for last in range(first, len(run)):
        digits += run[last].digits
        if mobile := _MOBILE.fullmatch(digits):
            phone = _Phone(first, last, len(mobile[1] or ""), _MOBILE_HEAD, _MOBILE_TAIL)
        elif landline := _LANDLINE.fullmatch(digits):
            phone = _Phone(first, last, 0, len(landline[1]), _TAIL)
        if len(digits) >= _LONGEST:
            break
    return phone


def _hidden_of_part(text: str, part: Sequence[_Group], phones: Sequence[_Phone]) -> Iterator[_Span]:
    """What is hidden of groups without a date among them. Digits beside a phone number stay where they and those that
    stay of it are fewer than seven."""
    positions = [position for group in part for position in group.positions]
    begins = list(accumulate((len(group.digits) for group in part), initial=0))
    first, last = 0, len(positions) - _TAIL  # the first hidden digit, and the first behind the hidden ones
    front: Sequence[int] = ()
    if phones:
        one, other = phones[0], phones[-1]
        begin, end = begins[one.first] + one.prefix, begins[other.last + 1]
        if begin + one.head < _FEWEST:
            first = begin + one.head
            front = positions[begin:first] if one.tail == _MOBILE_TAIL else ()
        if len(positions) - end + other.tail < _FEWEST:
            last = end - other.tail
    yield from _spans(text, sorted(set(positions[first:last])), front, positions[last:])


def _spans(text: str, hidden: Sequence[int], front: Sequence[int], behind: Sequence[int]) -> Iterator[_Span]:
    """Stretches over the characters at `hidden`, parted where words stand between two of them. front: where the first
    digits of a number stand, which are drawn together; behind: where the digits after the hidden ones stand."""
    begin, kept = hidden[0], ""
    front = [position for position in dict.fromkeys(front) if position < begin]
    if front and not _has_words(text[front[0] : begin]):
        begin, kept = front[0], "".join(text[position] for position in front)
    for position, following in pairwise(hidden):
        if _has_words(text[position + 1 : following]):
            yield _Span(begin, _end_of(text, position), kept)
            begin, kept = following, ""
    end = next((position for position in behind if position > hidden[-1]), 0)
    if not end or _has_words(text[hidden[-1] + 1 : end]):
        end = _end_of(text, hidden[-1])
    yield _Span(begin, end, kept)


def _has_words(between: str) -> bool:
    """True when letters stand side by side in the text, apart from digits."""
    letters = "".join(character if character.isalpha() and not digits_of(character) else " " for character in between)
    return any(len(word) >= _WORD for word in letters.split())


def _end_of(text: str, position: int) -> int:
    """Where the character at `position` ends, with what is drawn over it."""
    end = position + 1
    while end < len(text) and is_unseen(text[end]) and not text[end].isspace():
        end += 1
    return end


def _without(text: str, spans: Iterable[_Span]) -> str:
    """The text with asterisks for each of the spans."""
    pieces, end = [], 0
    for span in spans:
        pieces += [text[end : span.begin], span.kept, MASK]
        end = span.end
    return "".join([*pieces, text[end:]])


def _inside(spans: Iterable[_Span], begin: int, text: str) -> Iterator[_Span]:
    """What the spans hide of one of several texts, which begins at `begin` of all of them together."""
    end = begin + len(text)
    for span in spans:
        if begin <= span.begin and span.end <= end:
            yield _Span(span.begin - begin, span.end - begin, span.kept)
        elif span.begin < end and begin < span.end:
            first, last = max(span.begin, begin) - begin, min(span.end, end) - begin
            if ANY_NUMERAL.search(text, first, last):
                yield _Span(first, last)
