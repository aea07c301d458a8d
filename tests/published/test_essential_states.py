"""Essential states of the systems of Niou, Ordeshook & Rose (1989, The Balance of Power).

``essential_states.csv`` has the resources of three to five states, the inessential ones and the
minimal winning coalitions, by enumeration of the definition.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from counterpoise.measures import power
from counterpoise.models.voting_power import VotingGame, minimal_winning

with (Path(__file__).parent / "essential_states.csv").open(encoding="utf-8") as stream:
    ROWS = list(csv.DictReader(stream))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["resources"])
def test_essential_states(row: dict[str, str]) -> None:
    resources = [float(r) for r in row["resources"].split()]
    found = power.essential(resources)
    inessential = [str(k) for k, needed in enumerate(found, start=1) if not needed]
    assert inessential == row["inessential"].split()
    names = tuple(str(k) for k in range(1, len(resources) + 1))
    winning = minimal_winning(VotingGame(names, np.array(resources)))
    assert ["".join(c) for c in winning] == row["minimal_winning"].split()
    members = {state for coalition in winning for state in coalition}
    assert [name for name in names if name not in members] == inessential


def test_leaders_use_them() -> None:
    lead = power.leadership("cinc", 1985)
    assert lead is not None
    assert lead.essential is not None
    assert set(lead.essential) | set(lead.inessential or ()) == {2, 200, 220, 365, 710}
