"""Values as JSON and as a reader have them."""

from __future__ import annotations

import math
from typing import Any

UNKNOWN = "unknown"


def plain(value: Any) -> Any:
    """Nested values as JSON has them: tuples to lists, NaN to null, dates to text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return [plain(v) for v in sorted(value)]
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def figure(value: float | bool | str | None, places: int = 3) -> str:
    """A figure for a reader: rounded, yes or no, unknown; never a zero for what is not known."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.{places}f}"


def percentile(value: float | None) -> str:
    """A percentile for a reader, such as ``97th``; those at the ends are not rounded to 100."""
    if value is None:
        return UNKNOWN
    shown = min(99, max(1, round(value))) if 0 < value < 100 else round(value)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(shown % 10 if shown % 100 not in (11, 12, 13) else 0)
    return f"{shown}{ending or 'th'}"
