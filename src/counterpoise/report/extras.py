"""How far an answer can be trusted: under every defensible choice, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise.assessment.wording import percent
from counterpoise.figures.specification import specification_curve
from counterpoise.report.exhibit import Exhibit, Table, sources, table, unknown
from counterpoise.report.plain import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterpoise.assessment.multiverse import Multiverse
    from counterpoise.assessment.outcomes import Outcomes
    from counterpoise.report.dossier import Dossier

MULTIVERSE_HOW = (
    "The verdict under every combination of defensible choices. Agreement is no probability: it "
    "says how much of the answer rests on the analyst. The margin is the least of a verdict's "
    "figures in units of their cut-offs; a bloc is hard from 1 on."
)
CHANGE_HOW = (
    "Changes in the world, never in the cut-offs: a pact or its end, a member that joins or "
    "leaves, aid or a base between the two strongest, ties to the target, a quarrel with it. Each "
    "was tried by asking the verdict of the changed world."
)
TABLES = ("atop_members", "nmc", "gdp_population", "dispute_dyads", "rivalries")
FLIPS = ("choice", "from", "to", "turns the answer in", "alone it gives")


def multiverse(dossier: Dossier) -> Exhibit:
    """The verdict under every defensible choice, or why that is unknown."""
    title, curve = "Does it depend on the analyst?", dossier.multiverse
    if curve is None:
        why = dossier.verdict.trust.reason or "the choices cannot be worked out for it"
        return unknown("multiverse", title, why, MULTIVERSE_HOW)
    rung = curve.observed.answer
    says = f"{rung} in {percent(curve.agreeing)} of {curve.specifications:,} specifications."
    return Exhibit(
        "multiverse",
        title,
        says[:1].upper() + says[1:] + _expected(curve.ripe),
        sources(*TABLES),
        MULTIVERSE_HOW,
        table(FLIPS, _flips(curve.observed), FLIPS[3]),
        lambda: specification_curve(curve),
        "Specifications ordered by margin, coloured by rung, and the choices behind each.",
        notes=tuple(f"Left out, {what}: {why}." for what, why in curve.left_out.items()),
        more=_more(curve),
    )


def _expected(found: Outcomes | None) -> str:
    if found is None:
        return ""
    answer = {"true": "yes", "false": "no"}.get(found.answer, found.answer)
    return (
        f" Whether one was to be expected: {answer} in {percent(found.agreeing)} of "
        f"{found.specifications:,}."
    )


def _flips(found: Outcomes) -> Iterator[tuple[str, ...]]:
    flips = [flip for flip in found.flips if flip.factor != "draw"]
    for flip in flips:
        ends = figure(flip.from_option), figure(flip.to_option)
        yield flip.factor, *ends, percent(flip.share), flip.alone
    if not flips:
        yield "none", "–", "–", "no choice turns it", "–"


def _more(curve: Multiverse) -> tuple[tuple[str, Table], ...]:
    """Specifications by rung, between which margins they lie, and what turns the other answer."""
    rungs = [(rung, percent(share)) for rung, share in curve.rungs.items()]
    margins = curve.frame()["margin"]
    quantiles = [(f"{q:.0%}", margins.quantile(q)) for q in (0.0, 0.25, 0.5, 0.75, 1.0)]
    head = ("specifications below", "margin")
    parts = [
        ("Specifications by rung", table(("rung", "share"), rungs, "share")),
        ("Margins (hard from 1)", table(head, quantiles, ",".join(head))),
    ]
    if curve.ripe is not None:
        turning = table(FLIPS, _flips(curve.ripe), FLIPS[3])
        parts.append(("What turns whether one was to be expected", turning))
    return tuple(parts)


def would_change(dossier: Dossier) -> Exhibit:
    """The smallest changes in the world that would move the verdict, or why they are unknown."""
    title, trust = "What would change it?", dossier.verdict.trust
    if trust.reason:
        return unknown("would_change", title, trust.reason, CHANGE_HOW)
    found = trust.changes
    rows: list[tuple[Any, ...]] = [(c.sentence, c.direction, c.before, c.after) for c in found]
    says = "No change that was tried moves it."
    if found:
        says = found[0].sentence
    head = ("change", "direction", "from", "to")
    return Exhibit("would_change", title, says, sources(*TABLES), CHANGE_HOW, table(head, rows))
