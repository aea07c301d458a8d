"""Chinese finance: which projects count, and what an unknown amount does to a sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources.aiddata import by_recipient

if TYPE_CHECKING:
    from conftest import RawOf

COLUMNS = ("recipient_condensed", "year", "flow_class", "usd_defl_2014", "recipient_count")
ROWS = [
    ("Kazakhstan", 2009.0, "OOF-like", "5000000000", 1.0, True),
    ("Kazakhstan", 2009.0, "OOF-like", " ", 1.0, True),
    ("Kazakhstan", 2009.0, "OOF-like", "9", 1.0, False),
    ("Tajikistan", 2006.0, "ODA-like", " ", 1.0, True),
    ("Viet Nam", 2006.0, "Vague (Official Finance)", "2.5", 1.0, True),
    ("Kyrgyz Republic", 2006.0, "ODA-like", "7", 1.0, True),
    ("Niue", 2008.0, "ODA-like", "1", 1.0, True),
    ("Asia, regional", 2006.0, "OOF-like", "900", 6.0, True),
]


def test_sums_are_of_known_amounts_and_say_how_many_are_not(raw_of: RawOf) -> None:
    raw = raw_of({})
    names = [*COLUMNS, "recommended_for_research"]
    table = by_recipient(raw, pl.DataFrame(ROWS, schema=names, orient="row"))
    assert sorted(table.rows()) == [
        (702, 2006, "oda", 1, 1, None),
        (703, 2006, "oda", 1, 0, 7.0),
        (705, 2009, "oof", 2, 1, 5e9),
        (816, 2006, "vague", 1, 0, 2.5),
    ]
    assert raw.unmatched == [
        "Asia, regional (projects of several states)",
        "Niue (2008–2008)",
    ]
