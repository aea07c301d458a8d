"""Measure, model and judge whether states balance against a leading power.

>>> import counterpoise as cp
>>> cp.assess("SCO", against="USA", year=2006).observed
'none'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from counterpoise.version import __version__

if TYPE_CHECKING:
    from counterpoise.assessment.leaders import Leaders, leader
    from counterpoise.assessment.track import track
    from counterpoise.assessment.verdict import Verdict, assess
    from counterpoise.blocs import Bloc, bloc
    from counterpoise.errors import CounterpoiseError

_HOMES = {
    "CounterpoiseError": "errors",
    "Bloc": "blocs",
    "bloc": "blocs",
    "Leaders": "assessment.leaders",
    "leader": "assessment.leaders",
    "track": "assessment.track",
    "Verdict": "assessment.verdict",
    "assess": "assessment.verdict",
}

__all__ = [
    "Bloc",
    "CounterpoiseError",
    "Leaders",
    "Verdict",
    "__version__",
    "assess",
    "bloc",
    "leader",
    "track",
]


def __getattr__(name: str) -> Any:
    """Import a public name on its first use, so that importing the package stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"counterpoise.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
