"""Panels: who existed, when (the spine), and what the record knows of them (joins).

>>> import counterpoise as cp
>>> panel = cp.dyad_years(1816, 2010, directed=False).add("nmc", "atop", "contiguity")
>>> panel.frame.height
842655
"""

from __future__ import annotations

from counterpoise.panel.adds import ADDS, Add
from counterpoise.panel.build import bloc_member_years, bloc_years, dyad_years, state_years
from counterpoise.panel.citation import cite
from counterpoise.panel.panel import Panel

__all__ = [
    "ADDS",
    "Add",
    "Panel",
    "bloc_member_years",
    "bloc_years",
    "cite",
    "dyad_years",
    "state_years",
]
