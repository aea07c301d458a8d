"""Each direction of the crosswalk keeps its own states."""

from __future__ import annotations

import polars as pl

from counterpoise.sources.isard import partners

PANEL = pl.DataFrame(
    {
        "year": [1990, 1990, 1917, 1990, 1850],
        "ccode": [255, 260, 345, 679, None],
        "gwcode": [260, 260, None, 678, 563],
    }
)


def test_a_cow_state_keeps_its_row_without_a_partner() -> None:
    assert partners(PANEL, "ccode", "gwcode").rows() == [
        (255, 1990, 260),
        (260, 1990, 260),
        (345, 1917, None),
        (679, 1990, 678),
    ]


def test_a_row_of_the_other_system_alone_is_left_to_the_other_direction() -> None:
    assert (563, 1850, None) in partners(PANEL, "gwcode", "ccode").rows()
