"""The grid of states, targets and windows, and what is read for it beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from counterpoise import record
from counterpoise.assessment.explanations import outcome, theories
from counterpoise.assessment.explanations.predictors import leads_at_sea, predictors
from counterpoise.assessment.explanations.specification import STANDARD
from counterpoise.assessment.explanations.theories import BARRED
from counterpoise.assessment.explanations.units import PERIODS, starts, units, window
from counterpoise.errors import DataError
from counterpoise.measures import power, threat_facts
from counterpoise.measures.threats import threats

USA, BRITAIN, FRANCE, GERMANY, RUSSIA, IRAQ, CHINA = 2, 200, 220, 255, 365, 645, 710


@pytest.fixture(scope="module")
def found():
    return units(STANDARD)


@pytest.fixture(scope="module")
def read(found):
    return predictors(found, STANDARD)


def at(found, state, target, start):
    (place,) = np.flatnonzero(
        (found.state == state) & (found.target == target) & (found.start == start)
    )
    return place


@pytest.mark.parametrize("years", [3, 5, 10])
def test_a_window_begins_in_1991_whatever_its_length(years):
    assert 1991 in starts(years)
    assert starts(years)[0] >= 1821
    assert all(window(start, years) == start for start in starts(years))
    assert window(1990, years) == 1991 - years


def test_units_are_unique_and_nobody_faces_itself(found):
    keys = set(zip(found.state, found.target, found.start, strict=True))
    assert len(keys) == len(found)
    assert (found.state != found.target).all()


def test_targets_are_powers_and_exposure_is_the_years_they_were(found):
    assert not ((found.target == GERMANY) & (found.start > 1945) & (found.start < 1991)).any()
    assert found.exposure[at(found, BRITAIN, USA, 1896)] == 3  # a power from 1898
    assert found.exposure[at(found, BRITAIN, USA, 2016)] == 3  # pacts are known to 2018
    assert found.exposure[at(found, BRITAIN, USA, 1991)] == 5


def test_predictors_speak_of_the_year_before_or_of_the_entry(found):
    late = found.data_year >= found.start
    assert (found.data_year[~late] == found.start[~late] - 1).all()
    assert found.data_year[at(found, 369, USA, 1991)] == 1991  # Ukraine
    assert late.mean() < 0.08


def test_founders_of_nato_joined_a_pact_aimed_at_russia(found):
    founders = next(
        p.founders for p in outcome.events(STANDARD) if (p.pact, p.target) == ("atop:3180", RUSSIA)
    )
    assert len(founders) == 12
    assert all(found.event[at(found, s, RUSSIA, 1946)] == 1 for s in founders)
    assert found.event[at(found, 640, RUSSIA, 1951)] == 0  # Turkey acceded in 1952
    later = units(replace(STANDARD, joining="acceding"))
    assert later.event[at(later, 640, RUSSIA, 1951)] == 1


def test_an_unknown_outcome_is_left_out_or_counts_as_none(found):
    assert 0 < (~found.known).sum() < 0.02 * len(found)
    counted = units(replace(STANDARD, unknown="no"))
    assert counted.known.all()
    assert (counted.event[~found.known] == 0).all()
    assert (counted.event[found.known] == found.event[found.known]).all()


def test_no_spell_spans_two_periods(found):
    for label in np.unique(found.spell):
        assert len(np.unique(found.period[found.spell == label])) == 1
    assert set(found.period) == set(PERIODS)


def test_per_target_the_base_does_not_grow_with_the_states(found):
    totals = [
        found.base[found.facing == f].sum()
        for f in np.unique(found.facing[found.start == 1991])
        if (found.exposure[found.facing == f] == 5).all()
    ]
    assert totals == pytest.approx([100] * len(totals))
    alone = units(replace(STANDARD, crowding="per state"))
    assert alone.base == pytest.approx(found.exposure / 5)


def test_predictors_are_the_records_own_figures(found, read):
    place = at(found, FRANCE, USA, 1991)
    row = {name: read.column(name)[place] for name in read.names}
    share = power.shares("cinc", 1990)
    majors = outcome.targets(1990, "majors")
    assert row["power_share"] == pytest.approx(share[USA] / sum(share[m] for m in majors))
    assert row["own_power"] == pytest.approx(np.log(share[FRANCE]))
    ideal = record.table("published_ideal_points").filter(pl.col("year") == 1990)
    value = dict(ideal.select("ccode", "idealpointall").iter_rows())
    assert row["ideal_distance"] == pytest.approx(abs(value[FRANCE] - value[USA]))
    assert row["target_nuclear"] == row["own_nuclear"] == row["leads_at_sea"] == 1
    assert row["land_border"] == 0
    assert row["arriving_capability"] == pytest.approx(_capability(FRANCE, USA, 1991))
    assert (row["in_asia"], row["in_africa"]) == (0, 0)


def _capability(state, target, year):
    matrices = threats(year)
    i, t = matrices.place(state), matrices.place(target)
    km, w = matrices.found.distance_km[t, i], matrices.found.power[:, 0]
    arriving = w[t] * (1 + km / 500) ** -2
    return arriving / (arriving + w[i])


def test_shared_organisations_and_borders_as_counted_by_hand(found, read):
    place = at(found, FRANCE, GERMANY, 1926)
    runs = record.table("igo_memberships").filter(
        (pl.col("status") == 1) & (pl.col("start_year") <= 1925) & (pl.col("end_year") >= 1925)
    )
    of = {c: set(runs.filter(pl.col("ccode") == c)["igo"]) for c in (FRANCE, GERMANY)}
    assert read.column("shared_organisations")[place] == pytest.approx(
        np.log1p(len(of[FRANCE] & of[GERMANY]))
    )
    assert read.column("land_border")[place] == 1


def test_outside_its_years_a_predictor_is_unknown(found, read):
    early = found.start < 1946
    assert np.isnan(read.column("ideal_distance")[early]).all()
    assert np.isnan(read.column("dependence")[found.start < 1870]).all()
    late = (found.start == 2016) & (found.target == USA)
    assert np.isfinite(read.column("shared_organisations")[late]).mean() > 0.9  # 2014 carried on


def test_no_predictor_changes_with_the_hostility_that_defines_the_outcome(found, read, monkeypatch):
    rng = np.random.default_rng(1)

    def noise(year, places):
        return rng.integers(0, 2, (len(places),) * 2).astype(float)

    monkeypatch.setattr(threat_facts, "rivals", noise)
    monkeypatch.setattr(threat_facts, "disputes", noise)
    monkeypatch.setattr(threat_facts, "victims", lambda year, places, alive: noise(year, places))
    again = predictors(found, STANDARD)
    assert np.array_equal(again.values, read.values, equal_nan=True)


def test_a_predictor_that_reads_hostility_is_refused(monkeypatch):
    barred = theories.Variable("bad", "pair", 1, ("dispute_dyads",), "")
    theory = theories.Theory("bad", "", "", (barred,))
    monkeypatch.setattr(theories, "THEORIES", (theory,))
    theories.theories.cache_clear()
    with pytest.raises(DataError, match="bad"):
        theories.theories()
    monkeypatch.undo()
    theories.theories.cache_clear()
    used = {t for theory in theories.theories() for v in theory.variables for t in v.tables}
    assert not used & BARRED


def test_choices_of_measurement_change_only_their_own_columns(found, read):
    for choice, value, columns in (
        ("institutions", "share", {"shared_organisations"}),
        ("dependence", "trade", {"dependence"}),
        ("distance", "borders", {"distance"}),
    ):
        other = predictors(found, replace(STANDARD, **{choice: value}))
        changed = {
            name
            for k, name in enumerate(read.names)
            if not np.array_equal(other.values[:, k], read.values[:, k], equal_nan=True)
        }
        assert changed == columns
    wide = predictors(found, replace(STANDARD, threat="with victims"))
    assert set(wide.names) - set(read.names) == {"target_victims"}


def test_dependence_is_centred_within_its_window(found, read):
    value = read.column("dependence")
    for start in (1921, 1991):
        assert np.nanmedian(value[found.start == start]) == pytest.approx(0, abs=1e-12)


def test_the_leading_sea_power_by_the_coded_list():
    years = np.array([1815, 1850, 1944, 1945, 2018, 1850])
    states = np.array([BRITAIN, BRITAIN, BRITAIN, BRITAIN, USA, FRANCE])
    assert leads_at_sea(states, years).tolist() == [0, 1, 1, 0, 1, 0]
    assert not record.coded("sea_powers")["checked"].any()
