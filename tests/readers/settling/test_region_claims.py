"""What several claims to a region come to: a county where all that name one agree."""

from __future__ import annotations

import pytest

from pipeline.readers.settling.region_claims import agreed_county
from pipeline.readers.sheet.regions import Region
from tests.support.arrivals import lexicon


@pytest.mark.parametrize(
    ("texts", "county"),
    [
        (["上城区", "杭州市上城区"], ("杭州市", "上城区")),
        (["高新区", "上城区"], ("杭州市", "上城区")),  # what could be anywhere contradicts nothing
        (["杭州市", "上城区"], ("杭州市", "上城区")),
        (["宁波市", "上城区"], None),
        (["余杭区", "上城区"], None),
        (["杭州市"], None),
        (["高新区"], None),
        ([], None),
    ],
)
def test_claims_agree_on_a_county(texts: list[str], county: tuple[str, str] | None):
    claims = [claim for text in texts if (claim := lexicon().regions.claim(text, "label"))]
    assert len(claims) == len(texts)
    assert agreed_county(claims) == agreed_county(claims[::-1]) == (Region(*county) if county else None)
