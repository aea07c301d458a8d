"""The same coalition against its target and against states that it has no quarrel with.

Binding is nearly a tautology; direction must tell the target from a bystander. Bystanders are
chosen by rule and not by hand: the strongest states of the time that no member has a dispute, a
rivalry or a pact against. Direction is read at a pact's signature, from the ten years before it:
a state that was quiet by the year asked but fought members in those years was no bystander then.
Such former enemies are kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.assessment import checks, hard_strand
from counterpoise.assessment.question import Question, ask
from counterpoise.assessment.verdict import observed
from counterpoise.measures import power
from counterpoise.measures.hostility import SERIOUS
from counterpoise.measures.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 10
QUIET_YEARS = 10
TARGET, BYSTANDER, FORMER = "target", "bystander", "former enemy"


def quiet(question: Question) -> tuple[int, ...]:
    """States with which no member has a quarrel in the year asked, strongest first.

    They had no dispute of any level with any member in ten years, are no rival of one, and no
    pact of one names them.
    """
    members, year = set(question.members), question.year
    quarrelled = _disputed(members, year - QUIET_YEARS, year) | _rivals(members, year)
    share = power.shares(question.metric, year)
    others = set(states.system(year)) - members - {question.target.ccode} - quarrelled
    known = (others - _threatened(question)) & share.keys()
    return tuple(sorted(known, key=lambda code: (-share[code], code)))


def _disputed(members: set[int], since: int, year: int) -> set[int]:
    recent = (pl.col("year") > since) & (pl.col("year") <= year)
    frame = record.table("dispute_dyads").filter(recent & pl.col("ccode1").is_in(members))
    return set(frame["ccode2"].to_list())


def _rivals(members: set[int], year: int) -> set[int]:
    frame = record.table("rivalries").filter(
        (pl.col("start_year") <= year) & (year <= pl.col("end_year"))
    )
    pairs = frame.select("ccode1", "ccode2").rows()
    return {b if a in members else a for a, b in pairs if (a in members) != (b in members)}


def _threatened(question: Question) -> set[int]:
    members = set(question.members)
    standing = question.book.on(question.day)
    return {state for pact in standing if pact.members & members for state in pact.threats}


@dataclass(frozen=True)
class Facing:
    """One coalition against one state.

    ``part`` is what it is to the members: ``target`` (the state that historians name),
    ``bystander`` or ``former enemy``. ``share`` and ``rest`` are the least that D and D₋ can be, in
    the year ``measured``. ``last_dispute`` is the year of the last serious dispute of any member
    with it, up to the year asked.
    """

    case_id: str
    year: int
    facing: int
    name: str
    part: str
    share: float
    rest: float
    directed: bool | None
    rung: str
    measured: int | None
    last_dispute: int | None


def facing_all(case_id: str, question: Question, most: int = MOST) -> Iterator[Facing]:
    """A coalition against its target, then against bystanders and former enemies by strength.

    Bystanders are the ``most`` strongest quiet states without a dispute with any member in the ten
    years before the signature at which direction towards them is read; former enemies those that
    are passed over for such a dispute.
    """
    yield facing(case_id, question, TARGET)
    found = 0
    for code in quiet(question):
        target = states.state(code, question.year)
        turned = replace(question, target=target, reach=Reach(question.reach.extend))
        faced = facing(case_id, turned, BYSTANDER)
        read = question.year if faced.measured is None else min(faced.measured, question.year)
        if code in _disputed(set(question.members), read - QUIET_YEARS, question.year):
            yield replace(faced, part=FORMER)
            continue
        yield faced
        found += 1
        if found == most:
            return


def facing(case_id: str, question: Question, part: str) -> Facing:
    """How far a coalition is directed at the state that the question names."""
    with np.errstate(divide="ignore", invalid="ignore"):  # a bystander may spend nothing on arms
        strand = hard_strand.measure(question)
    rules = question.rules
    listed = (*checks.hard_checks(strand, rules), *checks.incipient_checks(strand, rules))
    aim = strand.directedness
    share, rest = (aim.share_bounds, aim.rest_bounds) if aim else (None, None)
    return Facing(
        case_id,
        question.year,
        question.target.ccode,
        question.target.name,
        part,
        share[0] if share else 0.0,
        rest[0] if rest else 0.0,
        aim.directed if aim else None,
        observed(listed),
        aim.measured if aim else None,
        _last_dispute(question),
    )


def _last_dispute(question: Question) -> int | None:
    members, target = question.members, question.target.ccode
    frame = record.table("dispute_dyads").filter(
        pl.col("ccode1").is_in(members)
        & (pl.col("ccode2") == target)
        & (pl.col("year") <= question.year)
        & (pl.max_horizontal("hostlev1", "hostlev2") >= SERIOUS)
    )
    return int(frame["year"].to_numpy().max()) if len(frame) else None


def hard_cases() -> dict[str, Question]:
    """Every coded case that historians call hard, as a question at its reference year."""
    rows = record.coded("balancing_cases").filter(code="hard").drop_nulls("members")
    return {
        row["case_id"]: ask(
            [int(code) for code in row["members"].split()], row["target_ccode"], row["ref_year"]
        )
        for row in rows.iter_rows(named=True)
    }


def directedness_table(most: int = MOST) -> pl.DataFrame:
    """Every hard case against its target, its bystanders and former enemies, one row each.

    Columns are those of :class:`Facing`.
    """
    return pl.DataFrame(
        [row for key, question in hard_cases().items() for row in facing_all(key, question, most)]
    )


def as_markdown() -> str:
    """Every hard case beside its bystanders, as Markdown for the documentation.

    One row per case: D, D₋ and direction at the target; how many bystanders there are, the
    greatest D₋ among them, those that the coalition is directed at, and the former enemies that it
    is directed at.
    """
    asked = ("case", "target", "year", "D", "D₋", "directed")
    titles = (*asked, "bystanders", "greatest D₋", "at", "former enemies it is at")
    lines = ["| " + " | ".join(row) + " |" for row in (titles, ["---"] * len(titles))]
    for (case_id,), rows in directedness_table().group_by("case_id", maintain_order=True):
        target = rows.filter(part=TARGET).row(0, named=True)
        others, former = rows.filter(part=BYSTANDER), rows.filter(part=FORMER)
        cells = (
            str(case_id),
            target["name"],
            str(target["year"]),
            f"{target['share']:.2f}",
            f"{target['rest']:.2f}",
            TOLD[target["directed"]],
            str(len(others)),
            f"{others['rest'].to_numpy().max():.2f}",
            _aimed_at(others) or "none",
            _aimed_at(former) or "none",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


TOLD = {True: "yes", False: "no", None: "unknown"}


def _aimed_at(others: pl.DataFrame) -> str:
    aimed = others.filter("directed").iter_rows(named=True)
    named = [f"{row['name']} (fought in {row['last_dispute']})" for row in aimed]
    unknown = int(others["directed"].null_count())
    return ", ".join([*named, *([f"{unknown} unknown"] if unknown else [])])
