"""Issue case files: who wants what, on a scale from 0 to 100, each coding with its source."""

from counterpoise.cases.reader import (
    Actor,
    Case,
    Issue,
    Position,
    find,
    read,
    require_same,
    shipped,
)
from counterpoise.cases.template import blank

__all__ = [
    "Actor",
    "Case",
    "Issue",
    "Position",
    "blank",
    "find",
    "read",
    "require_same",
    "shipped",
]
