"""Measures of likeness as printed for two pairs of states.

Germany and Russia in 1914: portfolios and shares of power of Signorino & Ritter (1999), Table 6,
with S and weighted S as printed there; tau-b, kappa, pi and A as the documentation of R's fpsim
(Miller) gives them on that table. The values marked derived were computed from it by the published
formulas (Häge 2011). The United States and Mexico in 1946: tau-b of their votes, from the same
documentation.
"""

from __future__ import annotations

import polars as pl
import pytest

import counterpoise.panel as cp
from counterpoise.measures.similarity import similarity
from counterpoise.measures.similarity_years import vote_similarity

LEVELS = range(4)
PORTFOLIOS = {
    "Germany": (0.25, 3, 0),
    "Russia": (0.21, 0, 3),
    "Britain": (0.20, 0, 1),
    "France": (0.08, 0, 3),
    "Austria-Hungary": (0.08, 3, 0),
    "Italy": (0.05, 3, 1),
    "Belgium": (0.03, 0, 0),
    "Spain": (0.03, 0, 0),
    "Turkey": (0.02, 0, 0),
    "Netherlands": (0.01, 0, 0),
    "Sweden": (0.01, 0, 0),
    "Romania": (0.01, 3, 0),
    "Portugal": (0.01, 0, 0),
    "Switzerland": (0.01, 0, 0),
} | dict.fromkeys(("Greece", "Denmark", "Yugoslavia", "Bulgaria", "Norway", "Albania"), (0.0, 0, 0))
POWER, GERMANY, RUSSIA = zip(*PORTFOLIOS.values(), strict=True)

PRINTED = {"s": 0.4, "tau_b": 0.03031695, "kappa": -0.07758621, "pi": -0.04477612, "a": -0.04}
DERIVED = {"s_squared": 0.4444444444, "pi_squared": -0.0869565217, "kappa_binary": 0.0625}
WEIGHED = {"s": -0.46, "s_squared": -0.3488888889}


@pytest.mark.parametrize(("name", "value"), [*PRINTED.items(), *DERIVED.items()])
def test_germany_and_russia(name: str, value: float) -> None:
    assert similarity(GERMANY, RUSSIA, levels=LEVELS)[name] == pytest.approx(value, abs=1e-8)


@pytest.mark.parametrize(("name", "value"), WEIGHED.items())
def test_germany_and_russia_weighed_by_power(name: str, value: float) -> None:
    found = similarity(GERMANY, RUSSIA, levels=LEVELS, weights=POWER)
    assert found[name] == pytest.approx(value, abs=1e-8)
    plain = similarity(GERMANY, RUSSIA, levels=LEVELS)
    assert {n: v for n, v in found.items() if n not in WEIGHED} == {
        n: v for n, v in plain.items() if n not in WEIGHED
    }


def test_united_states_and_mexico_in_the_record() -> None:
    found = vote_similarity(1946, 1946).row(
        by_predicate=(pl.col("ccode1") == 2) & (pl.col("ccode2") == 70), named=True
    )
    assert found["joint_votes"] == 38
    assert found["taubvv"] == pytest.approx(0.01431261, abs=1e-8)


def test_a_panel_has_it_in_either_order() -> None:
    frame = cp.dyad_years(1946, 1946).add("similarity_votes").frame
    pair = pl.col("ccode1").is_in([2, 70]) & pl.col("ccode2").is_in([2, 70])
    assert frame.filter(pair)["taubvv"].to_list() == pytest.approx([0.01431261] * 2, abs=1e-8)
