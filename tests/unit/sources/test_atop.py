"""Spells, phases and limits of ATOP, on rows made up in the shape of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.exceptions import InvalidOperationError

from counterpoise.sources import atop

if TYPE_CHECKING:
    from typing import Any

DATES = ("yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")
ZERO: dict[str, Any] = dict.fromkeys((*atop.SHARED, *atop.LIMITS), 0)


def member(
    pact: int, ccode: int, *dates: int | None, phase: int = 0, **codes: Any
) -> dict[str, Any]:
    dated = dict(zip(DATES, dates, strict=True))
    return {"atopid": pact, "member": ccode, "phase": phase, **dated, **ZERO, **codes}


def spells(*rows: dict[str, Any]) -> pl.DataFrame:
    return atop.spells(pl.DataFrame(rows))


def test_zero_is_no_exit_and_an_unknown_day_stays_unknown() -> None:
    found = spells(
        member(3180, 2, 1949, 4, 4, 0, 0, 0), member(3015, 651, 1945, 3, None, 1979, 3, None)
    )
    assert found.select("atopid", *DATES).rows() == [
        (3015, 1945, 3, None, 1979, 3, None),
        (3180, 1949, 4, 4, None, None, None),
    ]


def test_a_state_that_comes_back_has_two_spells() -> None:
    found = spells(
        member(3205, 651, 1989, 4, 6, 0, 0, 0),
        member(3205, 651, 1950, 6, 17, 1979, 3, 31),
        member(3205, 652, 1950, 6, 17, 0, 0, 0),
    )
    assert found.select("ccode", "spell", "yrent").rows() == [
        (651, 1, 1950),
        (651, 2, 1989),
        (652, 1, 1950),
    ]


def test_phases_side_by_side_stay_apart() -> None:
    day = (1993, 1, 1, 0, 0, 0)
    found = spells(
        member(4185, 255, *day, phase=3),
        member(4185, 255, *day, phase=2),
        member(4185, 316, *day, phase=2),
        member(4185, 317, *day, phase=3),
    )
    assert found.select("ccode", "phase", "spell").rows() == [
        (255, 2, 1),
        (255, 3, 2),
        (316, 2, 1),
        (317, 3, 1),
    ]


def test_codes_of_no_and_yes_are_read_and_unknown_stays_unknown() -> None:
    found = spells(
        member(2420, 220, 1937, 9, 14, 1939, 9, 1, defense=1, defcocon=1),
        member(
            3465, 2, 1960, 1, 1, 0, 0, 0, specthrt=None, statthr1=None, intcom=None, milaid=None
        ),
    )
    first, second = found.rows(named=True)
    assert (first["defense"], first["offense"], first["defcocon"]) == (True, False, True)
    assert [second[name] for name in ("specthrt", "statthr1", "intcom", "milaid")] == [None] * 4


def test_a_code_that_is_neither_no_nor_yes_is_refused() -> None:
    with pytest.raises(InvalidOperationError):
        spells(member(1005, 200, 1815, 1, 3, 1815, 2, 8, defense=2))


def test_dyads_become_runs_that_break_with_the_obligation_and_in_a_gap() -> None:
    owed = {"atop_offense": 0.0, "atop_neutral": 0.0, "atop_nonagg": 1.0, "atop_consul": 0.0}
    years = [(1949, 1.0), (1950, 1.0), (1951, 0.0), (1953, 0.0)]
    frame = pl.DataFrame(
        [{"ccode1": 2.0, "ccode2": 20.0, "year": y, "atop_defense": d, **owed} for y, d in years]
    )
    found = atop.dyad_runs(frame)
    assert found.select("start_year", "end_year", "atop_defense", "atop_nonagg").rows() == [
        (1949, 1950, True, True),
        (1951, 1951, False, True),
        (1953, 1953, False, True),
    ]
