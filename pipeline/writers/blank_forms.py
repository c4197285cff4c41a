"""The five blank forms that are sent out, by file name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.decisions import WORKBOOK_NAME
from pipeline.rulebook import Rulebook
from pipeline.writers.form_assessment import write_blank_assessment
from pipeline.writers.form_lists import write_blank_marks, write_blank_nomination
from pipeline.writers.form_office import write_blank_decisions, write_blank_pool

BLANK_FORMS: dict[str, Callable[[Path, Rulebook], None]] = {
    "附件1_云上企业评估表.xlsx": write_blank_assessment,
    "附件2_云上企业推荐排序表.xlsx": write_blank_nomination,
    "专家评分表.xlsx": write_blank_marks,
    "培育库.xlsx": write_blank_pool,
    WORKBOOK_NAME: write_blank_decisions,
}
