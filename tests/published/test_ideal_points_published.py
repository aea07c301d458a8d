"""Our ideal points beside the published ones, on every roll call of the record.

Published: Bailey, Strezhnev & Voeten (2017), series from all votes, release of July 2025, in the
record. Theirs is a probit with other bridges and another prior, so agreement is asked, not
equality. One fit of all votes: some 25 seconds of a processor.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import counterpoise as cp
from counterpoise import record
from counterpoise.measures import votes
from counterpoise.measures.ideal_points import Comparison, IdealPointEstimates

RUSSIA, CHINA, USA = 365, 710, 2


@pytest.fixture(scope="module")
def found() -> IdealPointEstimates:
    return cp.ideal_points()


@pytest.fixture(scope="module")
def compared(found: IdealPointEstimates) -> Comparison:
    return found.compare()


def path(found: IdealPointEstimates, ccode: int) -> dict[int, tuple[float, float]]:
    rows = found.frame.filter(pl.col("ccode") == ccode).select("year", "ideal_point", "se").rows()
    return {year: (point, se) for year, point, se in rows}


def test_the_fit_converges_in_the_stated_frame(found: IdealPointEstimates) -> None:
    assert found.is_converged
    values = found.frame["ideal_point"].to_numpy()
    assert values.mean() == pytest.approx(0, abs=1e-9)
    assert values.std() == pytest.approx(1, abs=1e-6)
    usa = [point for point, _ in path(found, USA).values()]
    assert min(usa) > 0.5
    assert np.mean(usa) > 2


def test_it_agrees_with_the_published_series(compared: Comparison) -> None:
    assert compared.state_years > 10_800
    assert compared.pooled >= 0.95
    assert compared.median >= 0.98
    assert compared.lowest >= 0.85
    years = compared.by_year.filter(pl.col("year") != 1964)
    assert years.height == 75
    assert years["r"].min() == compared.lowest


def test_russia_turns_between_1985_and_1992(found: IdealPointEstimates) -> None:
    russia = path(found, RUSSIA)
    before, after = russia[1985], russia[1992]
    assert before[0] < -1.5
    assert after[0] > 0.8
    assert after[0] - before[0] > 5 * np.hypot(before[1], after[1])
    steps = {year: russia[year][0] - russia[year - 1][0] for year in range(1986, 1993)}
    assert max(steps, key=lambda year: steps[year]) in (1990, 1991)


def test_china_takes_its_seat_in_1971_and_leaves_the_west_after_1989(
    found: IdealPointEstimates,
) -> None:
    china, taiwan = path(found, CHINA), path(found, 713)
    assert min(china) == 1971
    assert max(taiwan) <= 1971
    assert taiwan[1970][0] > 0.5 > china[1971][0]
    assert china[1985][0] - china[1971][0] > 3 * np.hypot(china[1985][1], china[1971][1])
    assert china[1995][0] < china[1985][0] - 1


def first_components(year: int) -> dict[int, float]:
    """A crude estimate: the leading component of one session alone, by state."""
    asked = votes.from_record((year, year))
    table = asked.problem.votes.astype(float)
    cast = table >= 0
    centred = np.where(cast, table - np.mean(table, axis=1, where=cast, keepdims=True), 0.0)
    together = cast.T.astype(float) @ cast + 1
    score = np.linalg.eigh(centred.T @ centred / together)[1][:, -1]
    score *= np.sign(score[asked.problem.positive])
    score = (score - score.mean()) / score.std()
    return dict(zip(asked.ccodes.tolist(), score.tolist(), strict=True))


@pytest.mark.parametrize("year", [1981, 1982, 1983])
def test_why_a_session_alone_fails_in_1981_to_1983(
    found: IdealPointEstimates, compared: Comparison, year: int
) -> None:
    """Alone, the Soviet Union falls among the non-aligned: most votes only set the US apart."""
    published = record.table("published_ideal_points").filter(pl.col("year") == year)
    theirs = dict(published.select("ccode", "idealpointall").drop_nulls().rows())
    crude = first_components(year)
    both = sorted(set(crude) & set(theirs))
    alone = np.corrcoef([crude[c] for c in both], [theirs[c] for c in both])[0, 1]
    assert alone < 0.86
    assert crude[RUSSIA] > -0.6
    assert path(found, RUSSIA)[year][0] < -2
    ours = compared.by_year.filter(pl.col("year") == year)["r"].item()
    assert ours > 0.96
