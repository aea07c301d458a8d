"""How often what was forecast came true: the calibration picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.figures.base import HUES, altair

if TYPE_CHECKING:
    from counterpoise.assessment.scores import Calibration


def calibration(found: Calibration) -> Any:
    """Observed share against forecast, with Wilson's bounds; the diagonal is perfect."""
    alt = altair()
    frame = pl.DataFrame(
        {
            "forecast": found.probability,
            "observed": found.observed,
            "low": found.low,
            "high": found.high,
            "claims": found.count,
        }
    )
    share = alt.Scale(domain=[0, 1])
    x = alt.X("forecast:Q", title="probability given", scale=share)
    y = alt.Y("observed:Q", title="share that came true", scale=share)
    perfect = alt.Chart(pl.DataFrame({"forecast": [0, 1], "observed": [0, 1]}))
    points = alt.Chart(frame)
    return alt.layer(
        perfect.mark_line(strokeDash=[4, 4], color="#888888").encode(x=x, y=y),
        points.mark_rule(color=HUES[0]).encode(x=x, y="low:Q", y2="high:Q"),
        points.mark_circle(color=HUES[0], opacity=1).encode(
            x=x, y=y, size=alt.Size("claims:Q", legend=alt.Legend(title="claims"))
        ),
    ).properties(width=360, height=360, title="Calibration of the claims")
