"""The page on soft balancing says what the scanned table gives."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from counterpoise.assessment import soft_scan, soft_test

PAGE = (Path(__file__).parents[2] / "docs/explanation/soft-or-diplomacy.md").read_text("utf-8")
KEYS = {
    "NATO without the US": "NATO without USA",
    "Nordic Council": "igo:nordc",
    "Mercosur": "igo:mercosur",
    "France, Germany, Russia": "FRA,DEU,RUS",
    "Russia, China": "RUS,CHN",
}
ROW = re.compile(r"^\| ([^|]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| [^|]+ \|$", re.MULTILINE)
USA = 2


def judged(key: str) -> list[soft_test.SoftTest]:
    rows = soft_scan.table()
    found = []
    for (year,), part in (
        rows.filter(rows["bloc"] == key).partition_by("year", as_dict=True).items()
    ):
        plain = part.drop("bloc", "members_hash", "year").to_dicts()
        held = {row["target"]: soft_scan._residual(row) for row in plain}
        if own := held.pop(USA, None):
            found.append(soft_test.judge(own, held, int(year)))
    return [one for one in found if one.percentile is not None]


@pytest.mark.parametrize("row", ROW.findall(PAGE), ids=lambda row: row[0])
def test_a_row_counts_what_the_table_holds(row: tuple[str, ...]) -> None:
    tested = judged(KEYS.get(row[0], row[0]))
    above = [one for one in tested if one.percentile >= soft_test.PERCENTILE]
    passed = [one for one in tested if one.passed]
    counts = (len(tested), len(above), sum(one.passed is None for one in above), len(passed))
    assert counts == tuple(map(int, row[1:5]))


def test_every_bloc_that_was_asked_for_has_a_row() -> None:
    assert len(ROW.findall(PAGE)) == 14


def test_how_much_was_scanned() -> None:
    rows = soft_scan.table()
    assert f"{rows.height:,} tests" in PAGE
    assert f"{soft_scan.p_values().size:,} have ten clusters" in PAGE
    assert f"{rows['bloc'].n_unique()} blocs" in PAGE
    assert np.mean(soft_scan.p_values() <= 0.05) == pytest.approx(0.5, abs=0.05)
