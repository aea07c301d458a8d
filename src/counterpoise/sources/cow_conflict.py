"""The Correlates of War project: militarised disputes and inter-state wars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

MISSING = -9


def disputes(raw: Raw) -> dict[str, pl.DataFrame]:
    """Disputes, and who faced whom in them, one row per directed pair, dispute and year."""
    whole = raw.r("cow/cow_mid_disps.rda", "cow_mid_disps")
    return {
        "disputes": nulled(whole.rename({"styear": "start_year", "stmon": "start_month"})),
        "dispute_dyads": nulled(raw.r("cow/cow_mid_dirdisps.rda", "cow_mid_dirdisps")),
    }


def wars(raw: Raw) -> dict[str, pl.DataFrame]:
    """Opponents in inter-state wars, one row per directed pair, war and year.

    A war that paused and broke out again within one year (the Second Schleswig War, Palestine
    1948) has two rows for it, told apart by ``resume``.
    """
    return {"wars": nulled(raw.r("cow/cow_war_inter.rda", "cow_war_inter"))}


def nulled(frame: pl.DataFrame) -> pl.DataFrame:
    """The project writes -9 where a value is missing; here that is null."""
    numeric = pl.selectors.numeric()
    return frame.with_columns(pl.when(numeric != MISSING).then(numeric))
