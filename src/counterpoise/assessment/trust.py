"""What stands beside a verdict: matched groups, every choice, what would change it, soft strands.

Each part is computed on its first use, since each takes some tenths of a second.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.changes import Change
    from counterpoise.assessment.multiverse import Multiverse
    from counterpoise.assessment.placebo import Placebo
    from counterpoise.assessment.question import Question
    from counterpoise.assessment.soft_strands import SoftStrands
    from counterpoise.assessment.soft_test import SoftTest
    from counterpoise.cases import Case


@dataclass(frozen=True, eq=False)
class Trust:
    """How far one verdict can be trusted, and what the bloc does short of arms."""

    question: Question
    codings: Sequence[Case] | None

    @property
    def reason(self) -> str | None:
        """Why placebo and multiverse are None and changes empty; None where they are known."""
        if self.question.day > self.question.book.last_day:
            return "the pacts of the year are not in the record"
        return None

    @functools.cached_property
    def placebo(self) -> Placebo | None:
        """Where the bloc stands among matched random groups."""
        from counterpoise.assessment.placebo import placebo

        return None if self.reason else placebo(self.question)

    @functools.cached_property
    def multiverse(self) -> Multiverse | None:
        """The verdict under every defensible choice."""
        from counterpoise.assessment.multiverse import multiverse

        return None if self.reason else multiverse(self.question, self.codings)

    @functools.cached_property
    def changes(self) -> tuple[Change, ...]:
        """The smallest changes in the world that would move the rung."""
        from counterpoise.assessment.changes import changes

        return () if self.reason else changes(self.question)

    @functools.cached_property
    def coordination(self) -> SoftTest:
        """Whether its votes against the target share more than its members' preferences."""
        from counterpoise.assessment.soft_test import soft_test

        return soft_test(self.question)

    @functools.cached_property
    def soft(self) -> SoftStrands:
        """Alignment, institutions, statecraft and territory beside matched groups."""
        from counterpoise.assessment.soft_strands import measure

        return measure(self.question)
