"""The blocs that stand beside every answer as a yardstick."""

from __future__ import annotations

import functools

from counterpoise.assessment.verdict import Verdict, assess

REFERENCES = (("NATO", "365", 1985), ("Warsaw Pact", "2", 1985))
"""Bloc, target (COW number) and year of each yardstick."""


@functools.cache
def reference_verdicts(metric: str) -> tuple[Verdict, ...]:
    """The verdicts on NATO and the Warsaw Pact in 1985, each against the other's leader."""
    return tuple(assess(bloc, target, year, metric) for bloc, target, year in REFERENCES)
