"""The coded cases of historians beside the verdict at their reference year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise import record
from counterpoise.assessment.verdict import assess
from counterpoise.measures.rules import STANDARD

if TYPE_CHECKING:
    from counterpoise.assessment.verdict import Verdict
    from counterpoise.measures.rules import Rules


@dataclass(frozen=True)
class JudgedCase:
    """One coded case and the verdict on it; None where the coder names no member."""

    case_id: str
    target: int
    year: int
    code: str
    is_agreed: bool
    is_checked: bool
    verdict: Verdict | None

    @property
    def agrees(self) -> bool | None:
        """Do coder and verdict agree on hard or not hard? None without a known verdict."""
        if self.verdict is None or self.verdict.observed == "unknown":
            return None
        return (self.code == "hard") == (self.verdict.observed == "hard")


def judged_cases(rules: Rules = STANDARD, power: str = "cinc") -> tuple[JudgedCase, ...]:
    """Every coded case, judged at its reference year."""
    return tuple(
        JudgedCase(
            row["case_id"],
            row["target_ccode"],
            row["ref_year"],
            row["code"],
            row["agreement"] == "agreed",
            row["checked"],
            _judge(row["members"], row["target_ccode"], row["ref_year"], rules, power),
        )
        for row in record.coded("balancing_cases").iter_rows(named=True)
    )


def _judge(members: str | None, target: int, year: int, rules: Rules, power: str) -> Verdict | None:
    if not members:
        return None
    return assess([int(code) for code in members.split()], target, year, power, rules)
