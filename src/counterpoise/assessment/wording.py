"""A verdict in plain words: the sentences that a journalist can quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise import states
from counterpoise.assessment.checks import PERCENTILE

if TYPE_CHECKING:
    from counterpoise.assessment.hard_strand import Binding
    from counterpoise.assessment.verdict import Verdict

RUNGS = {
    "hard": "a hard-balancing coalition",
    "incipient": "an incipient coalition, aimed at the target but only partly bound",
    "soft": "no hard balancing; coordinated diplomacy beyond shared preferences",
    "diplomacy": "not a hard-balancing coalition; aligned in diplomacy, but not against the target",
    "none": "not a hard-balancing coalition, nor the start of one",
    "unknown": "not known: the record does not cover what the answer needs",
}
"""Each rung in plain words."""


def percent(share: float | None) -> str:
    """A share as a percentage with what precision it needs; ``unknown`` for None."""
    if share is None:
        return "unknown"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def headline(verdict: Verdict) -> str:
    """The answer in one line."""
    question = verdict.question
    return f"{question.bloc.name} against {question.target.name}, {question.year}: {told(verdict)}"


def told(verdict: Verdict) -> str:
    """What the bloc does, in words; what cannot be told is not denied."""
    if verdict.observed == "diplomacy" and verdict.trust.coordination.passed is None:
        return "not a hard-balancing coalition; aligned in votes; against whom is unknown"
    return RUNGS[verdict.observed]


def reason(verdict: Verdict) -> str:
    """Why, in one or two sentences made from the figures."""
    if verdict.observed == "unknown":
        reasons = [verdict.coverage[k] for k in ("hard", "power") if k in verdict.coverage]
        return "; ".join(reasons) or "a test that decides cannot be answered from the record"
    parts = [_binding(verdict), *_failures(verdict), _coordination(verdict)]
    return "; ".join(part for part in parts if part) + "." + _expectation(verdict)


def _binding(verdict: Verdict) -> str:
    bind = verdict.hard.binding
    if bind is None:
        return ""
    return (
        f"pacts bind {percent(bind.bound_share)} of the bloc's power "
        f"({bind.bound_dyads} of {bind.dyads} pairs){_core(verdict, bind)}"
    )


def _core(verdict: Verdict, bind: Binding) -> str:
    if bind.core is None:
        return ""
    names, year = states.names(), verdict.question.year
    one, two = (names.name(code, year) for code in bind.core)
    return f", {'and' if bind.core_bound else 'but not'} {one} and {two}, its two strongest"


def _coordination(verdict: Verdict) -> str:
    """What the votes say, where the bloc stands on no rung and they can be tested."""
    found, target = verdict.trust.coordination, verdict.question.target.name
    if verdict.ladder != "none" or found.percentile is None:
        return ""
    if found.passed:
        return f"its votes against {target} share more than its members' preferences explain"
    if found.percentile < PERCENTILE:
        return "its votes share no more than those of states with like preferences"
    more = [other.name for other in found.others if other.excess >= (found.excess or 0)]
    if more:
        return f"its votes share more than preferences explain, but more against {_listed(more)}"
    if found.passed is None:
        return f"its votes share more than preferences explain; if more against {target} is unknown"
    return "its votes share more than preferences explain, but so do those of too many blocs"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _failures(verdict: Verdict) -> list[str]:
    target = verdict.question.target.name
    sentences = {
        "directed": f"it is not aimed at {target}",
        "strong_enough": f"it is not strong enough against {target}",
        "allied_with_target_share": f"half of its power or more is allied with {target}",
    }
    return [text for name, text in sentences.items() if verdict.check(name).passed is False]


def _expectation(verdict: Verdict) -> str:
    found = verdict.consensus
    if found is None or found.power.kind == "not classifiable":
        return ""
    target = verdict.question.target.name
    text = f" Its consensus is {found.power.kind}"
    if found.power.kind == "negative":
        text = " Its members agree on what they reject and not on what they would build"
    survival = verdict.check("survival_share")
    if survival.passed is not None:
        share = percent(survival.value) if survival.value else "none"
        text += f", and {target} threatens the survival of {share} of its lesser members"
    return text + "."
