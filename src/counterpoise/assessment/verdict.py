"""The verdict: what a bloc does against a target, and whether a coalition was to be expected."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from counterpoise import cases
from counterpoise.assessment import checks, consensus, hard_strand
from counterpoise.assessment.question import Question, ask
from counterpoise.assessment.trust import Trust
from counterpoise.measures.hostility import either, every
from counterpoise.measures.power import metric
from counterpoise.measures.rules import STANDARD, Rules
from counterpoise.measures.survival import SurvivalShare, survival_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from counterpoise.assessment.checks import Check
    from counterpoise.assessment.consensus import ConsensusResult
    from counterpoise.assessment.hard_strand import HardStrand

Rung = Literal["hard", "incipient", "soft", "diplomacy", "none", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """One answer with everything it rests on.

    ``ladder`` is the rung of hard balancing that the bloc stands on, ``none`` below all of it;
    ``ripe`` is whether a coalition should be expected, None where that is unknown. ``reasons``
    maps each unknown figure of the two to why it is unknown.
    """

    question: Question
    ladder: Rung
    ripe: bool | None
    hard: HardStrand
    consensus: ConsensusResult | None
    threat: SurvivalShare
    checks: tuple[Check, ...]
    reasons: dict[str, str]
    codings: tuple[cases.Case, ...] | None = None

    @functools.cached_property
    def trust(self) -> Trust:
        """How far it can be trusted; each part is computed on its first use."""
        return Trust(self.question, self.codings)

    @property
    def observed(self) -> Rung:
        """What the bloc does; soft balancing and diplomacy are told apart below the ladder."""
        if self.ladder != "none":
            return self.ladder
        found = self.trust.coordination
        if found.passed:
            return "soft"
        return "diplomacy" if found.is_aligned else "none"

    @property
    def coverage(self) -> dict[str, str]:
        """Each unknown figure with the reason."""
        why = self.trust.coordination.reason
        return self.reasons | ({"soft": why} if why else {})

    @functools.cached_property
    def soft_checks(self) -> tuple[Check, ...]:
        """The tests of soft balancing and diplomacy, on an axis of their own."""
        from counterpoise.assessment.soft_test import soft_checks

        return soft_checks(self.trust.coordination)

    def check(self, name: str) -> Check:
        """One test by name."""
        listed = [check for check in self.checks if check.name == name]
        return listed[0] if listed else next(c for c in self.soft_checks if c.name == name)

    def to_dict(self) -> dict[str, object]:
        """The answer as plain values, in the form of ``counterpoise assess --json``."""
        from counterpoise.assessment.answer import as_dict

        return as_dict(self)


def assess(
    bloc: str | Sequence[str | int],
    against: str | int,
    year: int,
    power: str = "cinc",
    rules: Rules = STANDARD,
    *,
    extend: bool = False,
    pacts: Path | None = None,
    case: Path | None = None,
) -> Verdict:
    """Is a bloc balancing against a target in a year, and should it?

    Parameters
    ----------
    bloc : an organisation, ``atop:4810``, a list of states, or a roster file.
    against : the target, by name, ISO3, COW abbreviation or number.
    power : ``cinc``, ``milex``, ``gdp`` or ``net``.
    extend : carry tables forward past their last year, and use our list of pacts since 2018.
    pacts : a CSV file of further pacts.
    case : an issue case file to use instead of a shipped one.

    Raises
    ------
    CounterpoiseError : the question cannot be asked; the message says why.
    """
    question = ask(bloc, against, year, power, rules, extend=extend, added=pacts)
    return answer(question, [cases.read(case)] if case else None)


def answer(question: Question, codings: Sequence[cases.Case] | None = None) -> Verdict:
    """Measure every strand of a resolved question and judge it."""
    strand = hard_strand.measure(question)
    found = _consensus(question, codings)
    threat = _threat(question)
    listed = (
        *checks.hard_checks(strand, question.rules),
        *checks.incipient_checks(strand, question.rules),
        *checks.ripe_checks(found, threat, question.rules),
    )
    return Verdict(
        question,
        observed(listed),
        ripe(listed),
        strand,
        found,
        threat,
        listed,
        dict(question.reach.reasons),
        tuple(codings) if codings else None,
    )


def _threat(question: Question) -> SurvivalShare:
    """The threat from the target to the members' survival, without the bloc's own umbrella."""
    found = survival_share(
        question.members,
        question.target.ccode,
        question.year,
        question.metric,
        cut=question.rules.survival,
        extend=question.reach.extend,
    )
    if found.share is None and found.reason:
        question.reach.unknown("survival_share", found.reason)
    question.reach.extended.update(found.extended)
    return found


def _consensus(question: Question, codings: Sequence[cases.Case] | None) -> ConsensusResult | None:
    used = codings or cases.find(question.bloc.key or "", question.target.ccode, question.year)
    if not used:
        question.reach.unknown(
            "consensus", "no case file codes this bloc against this target in this year"
        )
        return None
    table = metric(question.metric).table
    answering = question.reach.year(table, question.year)
    found = consensus.assess_case(used, question.metric, answering, question.rules)
    if found is None:
        question.reach.why("consensus", table, question.year)
    return found


def _passed(listed: Iterable[Check]) -> dict[str, bool | None]:
    return {check.name: check.passed for check in listed}


def observed(listed: Sequence[Check]) -> Rung:
    """The rung on the ladder of hard balancing, by the tests; ``none`` is below all of it."""
    passed = _passed(listed)
    hard = every(
        *(
            passed[n]
            for n in (
                "bound_share",
                "core_bound",
                "directed",
                "strong_enough",
                "allied_with_target_share",
            )
        )
    )
    some = either(passed["incipient_bound_share"], passed["core_consults"])
    incipient = every(passed["directed"], some)
    if hard:
        return "hard"
    if hard is None or incipient is None:
        return "unknown"
    return "incipient" if incipient else "none"


def ripe(listed: Sequence[Check]) -> bool | None:
    """Should a coalition be expected? Rejection, and survival at stake or a shared vision."""
    passed = _passed(listed)
    return every(passed["rejection"], either(passed["survival_share"], passed["vision"]))
