"""The command line: parse, call, print. One verb per question."""

from counterpoise.cli.entry import main

__all__ = ["main"]
