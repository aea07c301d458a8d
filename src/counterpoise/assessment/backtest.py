"""The coded cases of historians beside the verdict: what it gets right, what wrong, and why.

The cut-offs were set on the first fourteen cases and committed before the others were coded; the
others were coded from the literature and committed before any verdict on them was computed. Of
those a half, drawn by seed, is held out: whoever changes a cut-off looks at the rest only.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record, states
from counterpoise.assessment.verdict import assess
from counterpoise.measures.rules import STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from counterpoise.assessment.verdict import Verdict
    from counterpoise.measures.rules import Rules

HELD_OUT_SEED = 1815

FIRST = frozenset(
    (
        "Q1815",
        "DUAL1879",
        "FRRU1893",
        "ENT1907",
        "LITT1921",
        "FREAST1921",
        "GRAND1942",
        "NATO1949",
        "WTO1955",
        "UKSEA1816",
        "GER1871",
        "USUNI1991",
        "IRAQ2003",
        "SCO2001",
    )
)
"""Cases on which the cut-offs were set: never held out."""


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
    is_held_out: bool = False
    confidence: str = ""
    scope: str = ""
    source: str = ""
    note: str | None = None

    @property
    def agrees(self) -> bool | None:
        """Do coder and verdict agree on hard or not hard? None without a known verdict."""
        if self.verdict is None or self.verdict.observed == "unknown":
            return None
        return (self.code == "hard") == (self.verdict.observed == "hard")

    @property
    def is_first(self) -> bool:
        """Is it one of the cases that the cut-offs were set on?"""
        return self.case_id in FIRST

    @property
    def name(self) -> str:
        """The target and the year, as a reader meets them."""
        return f"against {states.names().name(self.target, self.year)}, {self.year}"


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
            row["held_out"],
            row["confidence"],
            row["scope"],
            row["source"],
            row["note"],
        )
        for row in record.coded("balancing_cases").iter_rows(named=True)
    )


def _judge(members: str | None, target: int, year: int, rules: Rules, power: str) -> Verdict | None:
    if not members:
        return None
    return assess([int(code) for code in members.split()], target, year, power, rules)


def drawn_out(cases: Sequence[str]) -> frozenset[str]:
    """The half of some cases that is held out, drawn by the stated seed from their sorted names."""
    added = sorted(set(cases) - FIRST)
    order = np.random.default_rng(HELD_OUT_SEED).permutation(len(added))
    return frozenset(added[k] for k in order[: len(added) // 2])


@dataclass(frozen=True)
class Confusion:
    """Hard or not hard, by historians and by the verdict, over some cases.

    ``unknown`` counts cases without a known verdict, which enter no share.
    """

    hits: int
    misses: int
    false_alarms: int
    rejections: int
    unknown: int

    @property
    def recall(self) -> float | None:
        """Share of the hard cases that the verdict finds."""
        return _part(self.hits, self.hits + self.misses)

    @property
    def precision(self) -> float | None:
        """Share of its hard verdicts that historians share."""
        return _part(self.hits, self.hits + self.false_alarms)

    @property
    def specificity(self) -> float | None:
        """Share of the other cases that it leaves alone."""
        return _part(self.rejections, self.rejections + self.false_alarms)

    @property
    def accuracy(self) -> float | None:
        """Share of the known verdicts that agree."""
        return _part(self.hits + self.rejections, self.known)

    @property
    def known(self) -> int:
        """Cases with a known verdict."""
        return self.hits + self.misses + self.false_alarms + self.rejections


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def confusion(cases: Iterable[JudgedCase]) -> Confusion:
    """Count agreement over cases; those without a named member are left out."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    unknown = 0
    for case in cases:
        if case.verdict is None:
            continue
        if case.verdict.observed == "unknown":
            unknown += 1
        else:
            counts[case.code == "hard", case.verdict.observed == "hard"] += 1
    return Confusion(
        counts[True, True], counts[True, False], counts[False, True], counts[False, False], unknown
    )


SLICES: dict[str, Callable[[JudgedCase], bool]] = {
    "all cases": lambda case: True,
    "the first fourteen": lambda case: case.is_first,
    "added, in use": lambda case: not case.is_first and not case.is_held_out,
    "added, held out": lambda case: case.is_held_out,
    "historians agree": lambda case: case.is_agreed,
    "historians agree, held out": lambda case: case.is_agreed and case.is_held_out,
    "contested": lambda case: not case.is_agreed,
    "source opened": lambda case: case.is_checked,
    "source not opened": lambda case: not case.is_checked,
}
"""Parts of the list that the confusion table is given for."""


def confusions(cases: Sequence[JudgedCase]) -> dict[str, Confusion]:
    """The confusion table of every part of the list."""
    return {name: confusion(filter(belongs, cases)) for name, belongs in SLICES.items()}


def reasons(case: JudgedCase) -> tuple[str, ...]:
    """Why the verdict is what it is: the tests of hard balancing that fail or are unknown.

    Where every test passes, the pact that aims the bloc.
    """
    if case.verdict is None:
        return ("no member is named",)
    failing = [
        check
        for check in case.verdict.checks
        if check.question == "hard" and check.passed is not True and check.name not in AIM_PARTS
    ]
    if not failing:
        return (_aim(case.verdict),)
    return tuple(
        f"{check.name} is unknown" if check.passed is None else _failure(case.verdict, check.name)
        for check in failing
    )


AIM_PARTS = ("directedness", "directedness_without_strongest")
"""Figures shown with the test that they make up."""


def _failure(verdict: Verdict, name: str) -> str:
    value = verdict.check(name).value
    figure = _two(value) if isinstance(value, float) else ""
    if name == "directed":
        return _aim(verdict)
    if name == "strong_enough":
        return _strength(verdict)
    return {
        "bound_share": f"pacts bind {figure}",
        "core_bound": "the two strongest are not bound",
        "allied_with_target_share": f"{figure} of it is allied with the target",
    }[name]


def _strength(verdict: Verdict) -> str:
    ratios, cut = verdict.hard.strength.ratios, verdict.question.rules.power_ratio
    told = ", ".join(f"{name} {_two(ratio)}" for name, ratio in ratios.items())
    return f"below {cut:g} of the target's power under most metrics ({told})"


def _aim(verdict: Verdict) -> str:
    aim = verdict.hard.directedness
    if aim is None or aim.pact is None:
        return "no pact carries a direction"
    figures = f"{aim.pact} of {aim.signed}, D {_two(aim.share)}, D₋ {_two(aim.rest)}"
    if aim.lapsed is not None:
        return f"its direction lapsed in {aim.lapsed} ({figures})"
    return f"aimed by {figures}" if aim.directed else f"not aimed when signed ({figures})"


def _two(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def as_markdown(cases: Sequence[JudgedCase] | None = None) -> str:
    """The confusion tables and every disagreement, as Markdown for the documentation."""
    judged = tuple(cases) if cases is not None else _standard_cases()
    wrong = [case for case in judged if case.agrees is False]
    unknown = [case for case in judged if case.verdict is not None and case.agrees is None]
    return "\n".join(
        [
            *_confusion_rows(judged),
            "",
            "### Hard to historians, not to the verdict",
            "",
            *_case_rows(case for case in wrong if case.code == "hard"),
            "",
            "### Hard to the verdict, not to historians",
            "",
            *_case_rows(case for case in wrong if case.code != "hard"),
            "",
            "### Not known",
            "",
            *_case_rows(unknown),
            "",
            "### Threat to survival and hard balancing",
            "",
            *_survival_rows(judged),
            "",
        ]
    )


@functools.cache
def _standard_cases() -> tuple[JudgedCase, ...]:
    return judged_cases()


TITLES = (
    "cases",
    "hits",
    "misses",
    "false alarms",
    "rejections",
    "unknown",
    "recall",
    "precision",
    "specificity",
    "accuracy",
)


def _confusion_rows(cases: Sequence[JudgedCase]) -> list[str]:
    lines = [_line(TITLES), _line(["---"] * len(TITLES))]
    for name, found in confusions(cases).items():
        counts = (found.hits, found.misses, found.false_alarms, found.rejections, found.unknown)
        shares = (found.recall, found.precision, found.specificity, found.accuracy)
        cells = [name, *map(str, counts), *("" if s is None else _two(s) for s in shares)]
        lines.append(_line(cells))
    return lines


def _survival_rows(cases: Sequence[JudgedCase]) -> list[str]:
    """How often survival was at stake where the bloc is hard, and where it is not."""
    titles = ("survival of a third of the lesser members", "hard", "not hard", "unknown")
    lines = [_line(titles), _line(["---"] * len(titles))]
    known = [case.verdict for case in cases if case.verdict is not None]
    for name, passed in (("at stake", True), ("not at stake", False), ("unknown", None)):
        rows = [v.observed for v in known if v.check("survival_share").passed is passed]
        is_hard, open_ = rows.count("hard"), rows.count("unknown")
        lines.append(_line([name, str(is_hard), str(len(rows) - is_hard - open_), str(open_)]))
    return lines


def _case_rows(cases: Iterable[JudgedCase]) -> list[str]:
    titles = ("case", "question", "historians", "verdict", "held out", "why", "note")
    lines = [_line(titles), _line(["---"] * len(titles))]
    for case in cases:
        assert case.verdict is not None
        code = case.code if case.is_agreed else f"{case.code} (contested)"
        why, held = "; ".join(reasons(case)), "yes" if case.is_held_out else ""
        cells = (case.case_id, case.name, code, case.verdict.observed, held, why, case.note or "")
        lines.append(_line(cells))
    return lines


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
