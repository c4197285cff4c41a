"""Whether a sheet that is no known form bears anything of 附件1 or 附件2: then it is a spoilt form and no paper."""

from __future__ import annotations

import re

from pipeline.model.texts import label_of
from pipeline.readers.forms.assessment.blocks import find_layout, form_words
from pipeline.readers.forms.nomination.header import most_headers
from pipeline.readers.forms.sheet import Sheet

_YEAR = re.compile(r"20\d\d年度?")
_HEADERS = 2  # of 附件2 in one row; a list of invoices may have one, the name of the company


def bears_form_traces(sheet: Sheet) -> bool:
    """True for a sheet with the title of 附件1 or 附件2, an N or M caption, more than half of 附件1's items, or two headers of
    附件2 in one row. Names of a few items do not tell: a list of systems has them as categories, one of invoices as goods."""
    rulebook = sheet.lexicon.rulebook
    titles = {_YEAR.sub("", label_of(title)) for title in (rulebook.titles.assessment, rulebook.titles.nomination)}
    texts = (_YEAR.sub("", label_of(value)) for value in sheet.grid.cells.values() if isinstance(value, str))
    if any(title in text for text in texts for title in titles):
        return True
    layout = find_layout(sheet.grid, form_words(sheet.lexicon))
    if layout.caption_count or len(layout.names_seen) * 2 > len(rulebook.ratio_indicators):
        return True
    return most_headers(sheet) >= _HEADERS
