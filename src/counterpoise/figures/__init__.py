"""Results to charts (Vega-Lite). Unknown is left blank, never drawn as zero."""

from counterpoise.figures.base import HUES, RUNG_COLOURS, save
from counterpoise.figures.tracks import track

__all__ = ["HUES", "RUNG_COLOURS", "save", "track"]
