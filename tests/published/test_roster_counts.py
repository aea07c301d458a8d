"""How many full members each organisation had at the end of a year, by its own account."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from counterpoise import blocs

with (Path(__file__).parent / "roster_counts.csv").open(encoding="utf-8") as stream:
    ROWS = [(row["bloc"], int(row["year"]), int(row["members"])) for row in csv.DictReader(stream)]


@pytest.mark.parametrize(("bloc", "year", "members"), ROWS)
def test_number_of_full_members(bloc: str, year: int, members: int) -> None:
    assert len(blocs.bloc(bloc, year).members) == members
