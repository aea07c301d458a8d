"""Measure, model and judge whether states balance against a leading power.

>>> import counterpoise as cp
>>> cp.assess("SCO", against="USA", year=2006).observed
'diplomacy'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from counterpoise.version import __version__

if TYPE_CHECKING:
    from counterpoise.assessment.case_study import CaseStudy, case
    from counterpoise.assessment.explanations.explain import explain
    from counterpoise.assessment.leaders import Leaders, leader
    from counterpoise.assessment.scan import scan
    from counterpoise.assessment.track import track
    from counterpoise.assessment.verdict import Verdict, assess
    from counterpoise.blocs import Bloc, bloc
    from counterpoise.errors import CounterpoiseError
    from counterpoise.measures.event_months import event_months
    from counterpoise.measures.ideal_points import ideal_points
    from counterpoise.measures.similarity import similarity
    from counterpoise.panel import (
        Panel,
        bloc_member_years,
        bloc_years,
        cite,
        dyad_years,
        state_years,
    )

_HOMES = {
    "Bloc": "blocs",
    "CaseStudy": "assessment.case_study",
    "CounterpoiseError": "errors",
    "Leaders": "assessment.leaders",
    "Panel": "panel",
    "Verdict": "assessment.verdict",
    "assess": "assessment.verdict",
    "bloc": "blocs",
    "bloc_member_years": "panel",
    "bloc_years": "panel",
    "case": "assessment.case_study",
    "cite": "panel",
    "dyad_years": "panel",
    "event_months": "measures.event_months",
    "explain": "assessment.explanations.explain",
    "ideal_points": "measures.ideal_points",
    "leader": "assessment.leaders",
    "scan": "assessment.scan",
    "similarity": "measures.similarity",
    "state_years": "panel",
    "track": "assessment.track",
}

__all__ = [
    "Bloc",
    "CaseStudy",
    "CounterpoiseError",
    "Leaders",
    "Panel",
    "Verdict",
    "__version__",
    "assess",
    "bloc",
    "bloc_member_years",
    "bloc_years",
    "case",
    "cite",
    "dyad_years",
    "event_months",
    "explain",
    "ideal_points",
    "leader",
    "scan",
    "similarity",
    "state_years",
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
