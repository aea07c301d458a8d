"""Binding of known blocs, computed independently of this code, to the printed digit."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import counterpoise as cp

TABLE = Path(__file__).parents[2] / "published" / "binding.csv"
with TABLE.open(encoding="utf-8") as stream:
    ROWS = list(csv.DictReader(stream))


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_binding(row: dict[str, str]) -> None:
    found = cp.assess(row["bloc"], against=row["target"], year=int(row["year"]))
    bind = found.hard.binding
    assert bind is not None
    digits = len(row["bound_share"].split(".")[1])
    assert len(found.question.members) == int(row["members"])
    assert round(bind.bound_share, digits) == float(row["bound_share"])
    assert bind.dyads == int(row["dyads"])
    if row["bound_dyads"]:
        assert bind.bound_dyads == int(row["bound_dyads"])
    if row["core_bound"]:
        assert bind.core_bound is (row["core_bound"] == "true")
    if row["allied_with_target_share"]:
        assert round(bind.allied_with_target_share, 3) == float(row["allied_with_target_share"])
