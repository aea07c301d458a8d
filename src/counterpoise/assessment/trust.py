"""How far a verdict can be trusted: matched groups, every choice, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise.assessment.changes import changes
from counterpoise.assessment.multiverse import multiverse
from counterpoise.assessment.placebo import placebo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.changes import Change
    from counterpoise.assessment.multiverse import Multiverse
    from counterpoise.assessment.placebo import Placebo
    from counterpoise.assessment.question import Question
    from counterpoise.cases import Case


@dataclass(frozen=True)
class Trust:
    """What stands beside a verdict.

    ``placebo`` and ``multiverse`` are None, and ``changes`` empty, where the pacts of the year
    are not in the record; ``reason`` then says so.
    """

    placebo: Placebo | None
    multiverse: Multiverse | None
    changes: tuple[Change, ...]
    reason: str | None


def trust(question: Question, codings: Sequence[Case] | None = None) -> Trust:
    """Draw matched groups, judge under every choice, and search for what would change it."""
    if question.day > question.book.last_day:
        return Trust(None, None, (), "the pacts of the year are not in the record")
    return Trust(placebo(question), multiverse(question, codings), changes(question), None)
