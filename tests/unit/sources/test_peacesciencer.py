"""Spells of powers, rivals and distances."""

from __future__ import annotations

import datetime as dt

import polars as pl

from counterpoise.sources.peacesciencer import (
    distance_runs,
    earlier_rivals,
    power_spells,
    rivalry_spells,
)

EPOCH = dt.date(1970, 1, 1)


def since(*date: int) -> float:
    return float((dt.date(*date) - EPOCH).days)


POWERS = pl.DataFrame(
    {
        "ccode": [2, 200, 710],
        "regstdate": [since(1824, 1, 1), None, since(1950, 1, 1)],
        "regenddate": [since(1898, 12, 31), None, since(2019, 12, 31)],
        "globstdate": [since(1899, 1, 1), since(1816, 1, 1), None],
        "globenddate": [since(2019, 12, 31), since(2019, 12, 31), None],
    }
)


def test_regional_and_global_spells_come_apart() -> None:
    assert power_spells(POWERS, "regional").rows() == [
        (2, "regional", dt.date(1824, 1, 1), dt.date(1898, 12, 31)),
        (710, "regional", dt.date(1950, 1, 1), None),
    ]
    assert power_spells(POWERS, "global").rows() == [
        (2, "global", dt.date(1899, 1, 1), None),
        (200, "global", dt.date(1816, 1, 1), None),
    ]


RIVALS = pl.DataFrame(
    {
        "tssr_id": [1, 2, 3],
        "rivalry": ["Austria-France", "Venice-Spain", "China-United States"],
        "ccode1": [220, 230, 2],
        "ccode2": [300, 324, 710],
        "start": [1494, 1494, 1996],
        "end": [1918, 1717, 2020],
        "positional": [1, None, 1],
        "spatial": [None, 1, None],
        "ideological": [None, None, None],
        "interventionary": [None, None, 1],
        "principal": [None, None, 1],
        "aprin": [1, None, None],
    },
    schema_overrides={"ideological": pl.Int32},
)


def test_a_rivalry_that_reaches_the_state_system_keeps_its_early_start() -> None:
    assert rivalry_spells(RIVALS).rows() == [
        (1, 220, 300, "Austria-France", 1, 0, 0, 0, 0, 1, 1494, 1918),
        (3, 2, 710, "China-United States", 1, 0, 0, 1, 1, 0, 1996, 2020),
    ]


def test_one_that_does_not_is_reported() -> None:
    assert earlier_rivals(RIVALS) == ["Venice-Spain (1494–1717, before the state system)"]


def test_distances_are_drawn_together() -> None:
    frame = pl.DataFrame(
        {
            "ccode1": [2, 2, 2, 2],
            "ccode2": [365, 365, 365, 365],
            "year": [1886, 1887, 1888, 1889],
            "mindist": [82.5, 82.5, 90.0, 90.0],
        }
    )
    assert distance_runs(frame, "ccode").rows() == [
        (2, 365, 1886, 1887, 82.5),
        (2, 365, 1888, 1889, 90.0),
    ]
