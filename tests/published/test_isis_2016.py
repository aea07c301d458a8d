"""Axelrod & Furnas (2016): eleven actors around the Islamic State.

``isis_2016.csv`` has the strengths and, below each other, the propensities on their scale of 1 to
5; ``isis_2016_results.csv`` sums up the 1,024 configurations that they print. A hash stands for
the sorted whole numbers separated by blanks.
"""

from __future__ import annotations

import csv
import hashlib
import os
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from counterpoise.models.inputs import landscape_answer, read_landscape
from counterpoise.models.landscape import Landscape, energy, frustration, pivots, solve

HERE = Path(__file__).parent
TRUTH = Path(os.environ.get("COUNTERPOISE_TRUTH", HERE.parents[2] / "shared" / "truth"))
CENTRE = 3


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


RESULTS = {row["quantity"]: row["value"] for row in rows("isis_2016_results.csv")}


@pytest.fixture(scope="module")
def problem() -> Landscape:
    table = rows("isis_2016.csv")
    p = np.zeros((len(table), len(table)))
    for i, row in enumerate(table):
        for j, value in enumerate(row["propensities_with_those_above"].split()):
            p[i, j] = p[j, i] = int(value) - CENTRE
    return Landscape(
        tuple(row["code"] for row in table), np.array([float(row["strength"]) for row in table]), p
    )


@pytest.fixture(scope="module")
def sides() -> np.ndarray:
    return np.array([(0, *rest) for rest in product((0, 1), repeat=10)])


def digest(values: np.ndarray) -> str:
    text = " ".join(str(int(v)) for v in np.sort(values))
    return hashlib.sha256(text.encode()).hexdigest()


def test_every_energy(problem: Landscape, sides: np.ndarray) -> None:
    energies = energy(problem, sides)
    assert len(energies) == int(RESULTS["configurations"])
    assert energies.min() == int(RESULTS["minimum"])
    assert energies.max() == int(RESULTS["maximum"])
    assert energies.sum() == int(RESULTS["sum_of_energies"])
    assert digest(energies) == RESULTS["sha256_of_sorted_energies"]


def test_every_actors_part(problem: Landscape, sides: np.ndarray) -> None:
    parts = np.concatenate([frustration(problem, row) for row in sides])
    assert digest(parts) == RESULTS["sha256_of_sorted_actor_parts"]


def test_the_only_optimum(problem: Landscape) -> None:
    found = solve(problem)
    assert len(found.optima) == int(RESULTS["local_minima"])
    assert found.minimum == int(RESULTS["minimum"])
    assert found.optima[0].blocs(problem.actors)[1] == ("Tur", "ISIS", "Nursa")
    assert found.optima[0].basin == 1024
    assert found.is_exact
    assert not found.is_rounded


def test_the_islamic_state_is_the_pivot(problem: Landscape) -> None:
    first = pivots(problem)[0]
    assert (first.actor, first.left, first.joined) == ("ISIS", "Tur", "Syr")


@pytest.mark.sources
def test_the_printed_configurations() -> None:
    folder = TRUTH / "landscape"
    if not folder.is_dir():
        pytest.skip("no folder of published figures (COUNTERPOISE_TRUTH, or ../shared/truth)")
    found = read_landscape(
        folder / "isis_actors.csv", folder / "isis_propensity_1to5.csv", centre=CENTRE
    )
    with (folder / "isis_energies_base.csv").open(encoding="utf-8") as stream:
        printed = list(csv.DictReader(stream))
    sides = np.array([[int(row[a]) - 1 for a in found.actors] for row in printed])
    assert (energy(found, sides) == [float(row["energy"]) for row in printed]).all()
    for row, side in zip(printed, sides, strict=True):
        assert frustration(found, side).tolist() == [float(row[f"frust_{a}"]) for a in found.actors]
    optima = {tuple(map(int, optimum.sides)) for optimum in solve(found).optima}
    flagged = [side for row, side in zip(printed, sides, strict=True) if row["local_min"] == "TRUE"]
    assert optima == {tuple((side ^ side[0]).tolist()) for side in flagged}
    answer = landscape_answer(found)
    assert answer["minimum"] == -83200
    assert answer["is_exact"] is True
