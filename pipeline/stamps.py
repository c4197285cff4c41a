"""The stamps by which a workbook of ours is known again: document properties and one visible sentence."""

from __future__ import annotations

# An output is listed when it comes back as input, never read as a form.
OUTPUT_PROPERTY = "云上企业"
OUTPUT_PROPERTY_VALUE = "输出"
OUTPUT_STAMP = "本表由“云上企业”汇总程序生成"

# A blank form, a sample or a marked copy is read as the form it is.
FORM_PROPERTY = "云上企业表单"
FORM_PROPERTY_VALUE = "表样"
FORM_STAMP = "制造业“云上企业”填报表样"

# A workbook of the made-up province; whatever is made from it says so.
DEMO_PROPERTY = "演示数据"
DEMO_PROPERTY_VALUE = "是"
DEMO_LABEL = "演示数据"
