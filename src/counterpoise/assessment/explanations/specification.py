"""One way to set up the test: every choice that could defensibly be made otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from counterpoise.errors import QuestionError
from counterpoise.measures.power import METRICS

CHOICES: dict[str, tuple[object, ...]] = {
    "outcome": ("directed", "named", "strong"),
    "rivalries": (True, False),
    "hostility_years": (10, 5, 15),
    "wartime": ("kept", "left out"),
    "joining": ("founding", "acceding"),
    "unknown": ("left out", "no"),
    "targets": ("majors", "leaders"),
    "years": (5, 3, 10),
    "crowding": ("per target", "per state"),
    "metric": tuple(METRICS),
    "history": ("all", "before"),
    "fold": ("spell", "period"),
    "missing": ("silent", "indicator", "complete", "imputed"),
    "penalty": (1.0, 0.1, 10.0),
    "institutions": ("count", "share"),
    "dependence": ("gdp", "trade"),
    "threat": ("without victims", "with victims"),
    "distance": ("capitals", "borders"),
}
"""Values of each choice; the first is the one in use unless another is asked for."""


@dataclass(frozen=True)
class Specification:
    """What counts as an event, who is a target, how predictors are measured and fitted.

    Attributes
    ----------
    outcome : a new pact without the target counts when it is ``directed`` at the target at
        signature or names it; only when it is ``named``; only when directed and ``strong`` (its
        founders have half of the target's power under half of the metrics).
    rivalries, hostility_years : what counts as hostility when direction is read.
    wartime : pacts made in a war for that war are ``kept`` or ``left out``.
    joining : states in the pact by the end of the window of its signature (``founding``), or also
        those that accede later (``acceding``).
    unknown : pacts whose direction is unknown are ``left out``, or count as ``no`` event.
    targets : major powers of the Correlates of War, or the states that lead under some metric.
    years : length of a window; windows are counted back and forth from 1991.
    crowding : what stays the same when the number of states grows and nothing else does: the
        expected joiners ``per target``, or the probability ``per state``.
    metric : of power.
    history : fitted on ``all`` other windows, or only on those ``before`` the years asked about.
    fold : what is left out at a time: a target ``spell``, or a whole ``period`` of the system.
    missing : what a predictor says where it is unknown: nothing (``silent``: the average unit),
        its absence (``indicator``), nothing and the unit is left out of the fit (``complete``),
        or what the other predictors suggest (``imputed``, five times).
    penalty : of the ridge on standardised slopes.
    institutions : ``count`` of shared organisations, or ``share`` of the state's own.
    dependence : trade with the target over ``gdp``, or over all of the state's ``trade``.
    threat : ``without victims`` or with the target's other recent victims. They are no hostility
        of the state's own, but its partners may be among them, who make a pact directed.
    distance : between ``capitals`` or ``borders``.
    """

    outcome: str = "directed"
    rivalries: bool = True
    hostility_years: int = 10
    wartime: str = "kept"
    joining: str = "founding"
    unknown: str = "left out"
    targets: str = "majors"
    years: int = 5
    crowding: str = "per target"
    metric: str = "cinc"
    history: str = "all"
    fold: str = "spell"
    missing: str = "silent"
    penalty: float = 1.0
    institutions: str = "count"
    dependence: str = "gdp"
    threat: str = "without victims"
    distance: str = "capitals"

    def __post_init__(self) -> None:
        for field in fields(self):
            value, known = getattr(self, field.name), CHOICES[field.name]
            if value not in known:
                listed = ", ".join(str(k) for k in known)
                raise QuestionError(
                    f'{field.name} is "{value}" in this specification. It may be: {listed}'
                )

    def differing(self) -> dict[str, object]:
        """Choices that depart from those in use."""
        return {k: v for k, v in asdict(self).items() if v != CHOICES[k][0]}


STANDARD = Specification()
"""The choices in use. All were fixed before a result was seen, but for ``crowding``: see the page
docs/explanation/why-no-coalition.md on why it is per target and what changes per state."""
