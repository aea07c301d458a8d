"""Results to charts (Vega-Lite). Unknown is left blank, never drawn as zero."""

from counterpoise.figures.base import HUES, RUNG_COLOURS, save
from counterpoise.figures.claims import calibration
from counterpoise.figures.consensus import scales
from counterpoise.figures.coverage import coverage
from counterpoise.figures.tracks import track

__all__ = ["HUES", "RUNG_COLOURS", "calibration", "coverage", "save", "scales", "track"]
