"""Military spending: zeros that mean missing; made-up figures in the shape of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.sources.sipri import military_spending

if TYPE_CHECKING:
    from conftest import RawOf

HEAD = "country,year,milex_const2022_usd_m,milex_current_usd_m,milex_share_gdp\n"
ROWS = """\
USSR,1988,300.5,200,
Russia,1988,,0,
Russia,1992,54.5,0,0.04
Costa Rica,1990,0,0,
Germany,1954,10,5,0.03
Germany,1960,11,6,0.03
Germany,2000,12,7,0.02
German Democratic Republic,1970,9,0,
European Union,2022,,150,
"""


def test_false_zeros_are_missing_and_true_ones_stay(raw_of: RawOf) -> None:
    raw = raw_of({"military/sipri_milex_1948_2023.csv": (HEAD + ROWS).encode()})
    rows = military_spending(raw)["sipri_milex"].select(
        "ccode", "year", "milex_musd2022", "milex_musd", "milex_gdp_share"
    )
    assert rows.rows() == [
        (365, 1988, 300.5, 200, None),
        (365, 1992, 54.5, None, 0.04),
        (94, 1990, 0, 0, None),
        (260, 1960, 11, 6, 0.03),
        (255, 2000, 12, 7, 0.02),
        (265, 1970, 9, None, None),
    ]
    assert raw.unmatched == ["European Union (2022–2022)", "Germany (1954–1954)"]
