"""Walt's four components of the threat from a target to each member of a bloc, kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise.measures import threat
from counterpoise.measures.threats import threats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question
    from counterpoise.measures.threats import Matrices

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class MemberThreat:
    """The threat from the target to one member; None is unknown, and ``why`` says why.

    ``power`` is the target's share of world power and ``own_power`` the member's; ``reach`` is the
    part of the target's power that arrives, (1 + d/500)⁻² at d km between borders; ``offence`` is
    the target's share of world military spending; ``intent`` joins rivalry, disputes and other
    victims; ``capability`` and ``survival`` are as in the verdict. Shares are in [0, 1].
    """

    ccode: int
    power: float | None
    own_power: float | None
    distance_km: float | None
    forward_km: float | None
    reach: float | None
    offence: float | None
    is_rival: bool | None
    disputes: float | None
    victims: float | None
    intent: float | None
    is_nuclear: bool | None
    both_democracies: bool | None
    capability: float | None
    survival: float | None
    why: dict[str, str]


def member_threats(question: Question) -> tuple[MemberThreat, ...]:
    """Components for every member, from the data of the year before."""
    matrices = threats(question.year, question.metric, extend=question.reach.extend)
    if matrices.places.of(question.target.ccode) < 0:
        return ()
    derived = {
        "reach": threat.reach(matrices.component("distance_km")),
        "intent": threat.intent(matrices.found) + np.zeros((len(matrices.places),) * 2),
        "capability": threat.capability(matrices.found),
        "survival": matrices.combination("survival"),
    }
    present = [m for m in question.members if matrices.places.of(m) >= 0]
    return tuple(_member(matrices, derived, question.target.ccode, m) for m in present)


def _member(
    matrices: Matrices, derived: dict[str, Array], target: int, member: int
) -> MemberThreat:
    pair = matrices.place(target), matrices.place(member)
    read: dict[str, Any] = {name: _known(values[pair]) for name, values in derived.items()}
    read |= {name: _known(matrices.component(name)[pair]) for name in READ}
    flags = {new: _flag(matrices.component(old)[pair]) for old, new in FLAGS.items()}
    return MemberThreat(ccode=member, why=matrices.why(target, member), **read, **flags)


READ = ("power", "own_power", "distance_km", "forward_km", "offence", "disputes", "victims")
FLAGS = {"rival": "is_rival", "nuclear": "is_nuclear", "both_democracies": "both_democracies"}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _flag(value: float) -> bool | None:
    return None if np.isnan(value) else bool(value)
