"""Issue case files: who wants what, on a scale from 0 to 100, each coding with its source."""

from counterpoise.cases.reader import Actor, Case, Issue, Position, find, read, shipped

__all__ = ["Actor", "Case", "Issue", "Position", "find", "read", "shipped"]
