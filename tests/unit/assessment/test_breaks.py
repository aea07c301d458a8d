"""Breaks: found where planted, rarely found where not, unknown where years are too few."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from counterpoise.assessment.breaks import SCHEMA, break_test, breaks
from counterpoise.errors import QuestionError

YEARS = np.arange(2001, 2019)


def walk(seed: int, persistence: float, size: int = 18) -> np.ndarray:
    rng = np.random.default_rng(seed)
    series = [rng.standard_normal()]
    for _ in range(size - 1):
        shock = rng.standard_normal() * np.sqrt(1 - persistence**2)
        series.append(persistence * series[-1] + shock)
    return np.array(series)


def residual_squares(years: np.ndarray, values: np.ndarray, model: str) -> float:
    degree = 0 if model == "level" else 1
    fit = np.polyval(np.polyfit(years - 2000, values, degree), years - 2000)
    return float(((values - fit) ** 2).sum())


@pytest.mark.parametrize("model", ["level", "trend"])
def test_f_is_chows(model: str) -> None:
    values = walk(4, 0.3)
    found = break_test(YEARS, values, 2008, model)  # type: ignore[arg-type]
    late = YEARS >= 2008
    whole = residual_squares(YEARS, values, model)
    apart = sum(residual_squares(YEARS[s], values[s], model) for s in (late, ~late))
    terms = 1 if model == "level" else 2
    assert found.f == pytest.approx((whole - apart) / terms / (apart / (18 - 2 * terms)))
    assert found.explained == pytest.approx(1 - apart / whole)
    assert found.change == pytest.approx(values[late].mean() - values[~late].mean())


def test_permutation_p_equals_enumeration() -> None:
    """Eight years, four before: 70 ways to choose them, all tried."""
    years = np.arange(2000, 2008)
    values = np.array([0.1, 0.3, 0.2, 0.5, 1.0, 0.9, 0.4, 1.1])
    found = break_test(years, values, 2004, draws=20_000)
    total = ((values - values.mean()) ** 2).sum()

    def left(chosen: tuple[int, ...]) -> float:
        inside = np.isin(np.arange(8), chosen)
        sides = (values[inside], values[~inside])
        return sum(((s - s.mean()) ** 2).sum() for s in sides) / total

    own = left((0, 1, 2, 3))
    exact = np.mean([left(c) <= own + 1e-9 for c in itertools.combinations(range(8), 4)])
    assert found.p_permuted == pytest.approx(exact, abs=0.01)
    assert found.smallest_p == pytest.approx(1 / 70)


@pytest.mark.parametrize(("persistence", "most"), [(0.0, 0.06), (0.5, 0.08), (0.8, 0.12)])
def test_persistent_series_without_a_break_rarely_show_one(persistence: float, most: float) -> None:
    tests = [
        break_test(YEARS, walk(k, persistence), 2008, "level", np.random.default_rng(k), 99)
        for k in range(200)
    ]
    assert np.mean([t.p_persistent <= 0.05 for t in tests]) <= most
    assert np.mean([t.p_sup <= 0.05 for t in tests]) <= most


def test_exchangeability_mistakes_persistence_for_a_break() -> None:
    tests = [
        break_test(YEARS, walk(k, 0.8), 2008, "level", np.random.default_rng(k), 99)
        for k in range(200)
    ]
    assert np.mean([t.p_permuted <= 0.05 for t in tests]) > 0.25, "why it is not printed alone"


def test_planted_break_is_found_and_dated() -> None:
    found = [
        break_test(YEARS, walk(k, 0.0) + 3.0 * (YEARS >= 2009), 2009, rng=np.random.default_rng(k))
        for k in range(40)
    ]
    assert np.mean([t.p_persistent <= 0.05 for t in found]) > 0.8
    assert np.mean([abs(t.sup_year - 2009) <= 1 for t in found]) > 0.9


def test_a_trend_is_no_break() -> None:
    rising = YEARS * 1.0 + walk(3, 0.0) * 0.5
    level, trend = (break_test(YEARS, rising, 2009, m) for m in ("level", "trend"))
    assert level.p_permuted < 0.01
    assert trend.p_persistent > 0.05


def test_perfect_step_cannot_be_told_from_persistence() -> None:
    """A state that changes once and stays: every year after it resembles the one before."""
    found = break_test(YEARS, YEARS >= 2009, 2009)
    assert found.f is None
    assert found.explained == pytest.approx(1)
    assert found.p_permuted == found.smallest_p
    assert found.p_persistent is None
    assert "lasts" in str(found.reason)
    other = break_test(YEARS, YEARS >= 2009, 2007)
    assert (other.sup_year, other.sup_f) == (2009, None)
    assert other.p_persistent is None, "the step of 2009 is no evidence for one in 2007"
    assert other.p_permuted is not None


@pytest.mark.parametrize(
    ("values", "year", "model", "reason"),
    [
        (np.ones(18), 2008, "level", "does not vary"),
        (YEARS * 2.0, 2008, "trend", "straight line"),
        (walk(1, 0), 2001, "level", "0 known years before 2001 and 18 from it on; 4 are needed"),
        (walk(1, 0), 2003, "level", "2 known years"),
        (walk(1, 0), 2004, "level", "3 known years before 2004"),
        (walk(1, 0), 2005, "trend", "5 are needed"),
        (np.full(18, np.nan), 2008, "level", "0 known years"),
    ],
)
def test_null_with_a_reason(values: np.ndarray, year: int, model: str, reason: str) -> None:
    found = break_test(YEARS, values, year, model)  # type: ignore[arg-type]
    assert found.p_persistent is None
    assert found.p_permuted is None
    assert reason in str(found.reason)


def test_unknown_years_are_left_out() -> None:
    values = walk(6, 0.2)
    holed = values.copy()
    holed[[2, 9]] = np.nan
    kept = ~np.isnan(holed)
    one, two = break_test(YEARS, holed, 2008), break_test(YEARS[kept], values[kept], 2008)
    assert one == two
    assert (one.before, one.after) == (6, 10)


def test_order_scale_and_shift_do_not_matter() -> None:
    values = walk(7, 0.4)
    one = break_test(YEARS, values, 2008)
    two = break_test(YEARS[::-1], values[::-1] * 1000 + 5, 2008)
    assert two.f == pytest.approx(one.f)
    assert two.p_persistent == one.p_persistent


def frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "year": YEARS,
            "observed": ["none"] * 18,
            "bound_share": walk(1, 0.0) + 4.0 * (YEARS >= 2005),
            "core_bound": [None if y < 2003 else y >= 2009 for y in YEARS],
            "ripe": pl.Series([None] * 18, dtype=pl.Boolean),
        }
    )


def test_every_strand_of_a_track() -> None:
    found = breaks(frame())
    assert found.columns == [*SCHEMA, "q"]
    assert found.height == 3 * 3 * 2
    assert set(found["strand"]) == {"bound_share", "core_bound", "ripe"}
    planted = found.filter(strand="bound_share", year=2005, model="level").row(0, named=True)
    assert planted["p_persistent"] < 0.05
    assert found.filter(strand="ripe")["q"].null_count() == 6
    tested = found.drop_nulls("p_persistent")
    assert (tested["q"] >= tested["p_persistent"]).all()
    assert tested["q"].max() <= 1


def test_same_seed_same_answer_and_strands_by_name() -> None:
    one, two = (
        breaks(frame(), strands=["bound_share"], rng=np.random.default_rng(4)) for _ in range(2)
    )
    assert one.equals(two)
    with pytest.raises(QuestionError, match="observed"):
        breaks(frame(), strands=["observed"])


def test_wrong_questions() -> None:
    with pytest.raises(QuestionError, match="model"):
        break_test(YEARS, walk(1, 0), 2008, "curve")  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="give one each"):
        break_test(YEARS[:5], walk(1, 0), 2008)
