"""Everything that a report or a page shows of one verdict, gathered once.

Nothing is computed here: the parts come from the assessment, each by its own function.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from counterpoise import blocs, cases, record, states
from counterpoise.assessment import events, forces, resemblance, threat_parts, ties, weighing
from counterpoise.assessment.references import reference_verdicts
from counterpoise.assessment.track import track
from counterpoise.errors import CounterpoiseError
from counterpoise.report.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from counterpoise.assessment.multiverse import Multiverse
    from counterpoise.assessment.placebo import Placebo
    from counterpoise.assessment.verdict import Verdict

YEARS_BEFORE, YEARS_AFTER = 10, 5
"""Span of the time line around the year asked for."""


@dataclass(frozen=True)
class Dossier:
    """One verdict with what stands around it; each part is made when first asked for.

    ``pacts`` and ``case`` are the user's own files, where the verdict rests on them.
    """

    verdict: Verdict
    pacts: Path | None = None
    case: Path | None = None

    @cached_property
    def answer(self) -> dict[str, Any]:
        """The verdict as plain values; all of its parts are worked out for it."""
        found: dict[str, Any] = plain(self.verdict.to_dict())
        return found

    @property
    def placebo(self) -> Placebo | None:
        """Where the bloc stands among matched random groups; None where none can be drawn."""
        return self.verdict.trust.placebo

    @property
    def placebo_reason(self) -> str:
        """Why there are no random groups."""
        return self.verdict.trust.reason or "no groups can be drawn"

    @property
    def multiverse(self) -> Multiverse | None:
        """The verdict under every defensible choice; None where it cannot be worked out."""
        return self.verdict.trust.multiverse

    @cached_property
    def references(self) -> tuple[Verdict, ...]:
        """Verdicts that stand beside this one as yardsticks."""
        return reference_verdicts(self.verdict.question.metric)

    @cached_property
    def ties(self) -> tuple[ties.Tie, ...] | None:
        """Every pair of members; None where the pacts of the day are unknown."""
        return ties.ties(self.verdict.question)

    @cached_property
    def power(self) -> dict[int, float]:
        """Members' shares of world power, by COW number; empty where unknown."""
        question = self.verdict.question
        found = weighing.member_power(question)
        return {} if found is None else dict(zip(question.members, found.tolist(), strict=True))

    @cached_property
    def postings(self) -> tuple[forces.Posting, ...]:
        """Whose forces stand where."""
        return forces.postings(self.verdict.question)

    @cached_property
    def threats(self) -> tuple[threat_parts.MemberThreat, ...]:
        """The components of the threat to each member."""
        return threat_parts.member_threats(self.verdict.question)

    @cached_property
    def resemblances(self) -> tuple[resemblance.Resemblance, ...]:
        """Distances to the reference blocs, nearest first."""
        return resemblance.resemblances(self.verdict)

    @cached_property
    def case_file(self) -> cases.Case | None:
        """The first coding that the consensus rests on."""
        question = self.verdict.question
        if self.case is not None:
            return cases.read(self.case)
        found = cases.find(question.bloc.key or "", question.target.ccode, question.year)
        return found[0] if found else None

    @cached_property
    def span(self) -> tuple[int, int]:
        """First and last year of the time line: years around the one asked, while it existed."""
        year = self.verdict.question.year
        first, last = year - YEARS_BEFORE, year + YEARS_AFTER
        lived = [p for p in lives(self.verdict) if p[0] <= year <= p[1]]
        if lived:
            first, last = max(first, lived[0][0] - 2), min(last, lived[0][1])
        return max(first, 1816), max(year, min(last, record.coverage("atop_members")[1]))

    @cached_property
    def track(self) -> pl.DataFrame | None:
        """The verdict over the years of the span; None where no year can be answered."""
        question = self.verdict.question
        try:
            return track(
                asked(self.verdict),
                question.target.ccode,
                *self.span,
                question.metric,
                question.rules,
                extend=question.reach.extend,
                pacts=self.pacts,
            )
        except CounterpoiseError:
            return None

    @cached_property
    def events(self) -> tuple[events.Event, ...]:
        """Dated events within the span."""
        return events.events(self.verdict.question, *self.span)

    @cached_property
    def command(self) -> str:
        """The command that gives the same answer."""
        question = self.verdict.question
        who = asked(self.verdict)
        bloc = who if isinstance(who, str) else ",".join(_abbreviations(who))
        words = [
            "counterpoise",
            "assess",
            bloc,
            "--against",
            _abbreviations([question.target.ccode])[0],
        ]
        words += ["--year", str(question.year), "--power", question.metric]
        words += ["--extend"] if question.reach.extend else []
        for option, path in (("--pacts", self.pacts), ("--case", self.case)):
            words += [option, path.name] if path else []
        return shlex.join(words)


def asked(verdict: Verdict) -> str | list[int]:
    """What to ask for to get the bloc again: its key, or its members."""
    bloc = verdict.question.bloc
    return bloc.key or list(bloc.members)


def _abbreviations(codes: Sequence[int]) -> list[str]:
    names = states.names()
    return [names.abbreviation(code) for code in codes]


def lives(verdict: Verdict) -> list[tuple[int, int]]:
    """Periods in which the bloc existed; empty for a list or a file."""
    key = verdict.question.bloc.key
    if key is None:
        return []
    return [(first or 1816, last or 9999) for first, last in blocs.spans(key)]
