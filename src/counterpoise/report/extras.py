"""Parts that an answer may hold or not: soft balancing, the multiverse, what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise.assessment.wording import percent
from counterpoise.report.exhibit import Exhibit, Table, sources, table, unknown
from counterpoise.report.plain import figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counterpoise.assessment.multiverse import Multiverse
    from counterpoise.report.dossier import Dossier

SOFT_HOW = (
    "Soft balancing is agreement in votes that the target opposes beyond what shared preferences "
    "explain, measured against matched random groups; it is an axis of its own beside the rungs."
)
PASSES = "Members coordinate against the target beyond what they want anyway."
FAILS = "Nothing beyond what members want anyway is shown."
MULTIVERSE_HOW = (
    "The verdict under every combination of defensible choices. Agreement is no probability: it "
    "says how much of the answer rests on the analyst. The margin is the least of a verdict's "
    "figures in units of their cut-offs; a bloc is hard from 1 on."
)
CHANGE_HOW = (
    "The smallest changes in the world that move the verdict by a rung, each tried by itself."
)


def soft(dossier: Dossier) -> Exhibit:
    """The soft strand, or why it is unknown."""
    title = "Soft balancing, or only diplomacy?"
    found, reason = dossier.part("soft")
    if found is None:
        return unknown("soft", title, reason or "", SOFT_HOW)
    passed = found.get("passed") if isinstance(found, dict) else None
    says = "Whether it passes is unknown."
    if passed is not None:
        says = PASSES if passed else FAILS
    return Exhibit(
        "soft",
        title,
        says,
        sources("un_votes", "un_roll_calls", "igo_memberships"),
        SOFT_HOW,
        table(("figure", "value"), flat(found), "value"),
    )


def multiverse(dossier: Dossier) -> Exhibit:
    """The verdict under every defensible choice, or why that is unknown."""
    title = "Does it depend on the analyst?"
    found, reason = dossier.part("multiverse")
    curve = dossier.multiverse
    if found is None and curve is not None:
        found = curve.to_dict()
    if found is None:
        why = dossier.verdict.coverage.get("hard") or reason or ""
        return unknown("multiverse", title, why, MULTIVERSE_HOW)
    says = (
        f"{found.get('observed', dossier.verdict.observed)} in {percent(found.get('agreeing'))} of "
        f"{found.get('specifications', 0):,} specifications."
    )
    return Exhibit(
        "multiverse",
        title,
        says[:1].upper() + says[1:],
        sources("atop_members", "nmc", "gdp_population", "dispute_dyads", "rivalries"),
        MULTIVERSE_HOW,
        table(("choice", "from", "to", "turns the rung in", "alone it gives"), _flips(found)),
        _curve(curve),
        "Specifications ordered by margin, coloured by rung, and the choices behind each.",
        notes=_ripe(found),
        more=_shares(found, curve),
    )


def _shares(found: Mapping[str, Any], curve: Multiverse | None) -> tuple[tuple[str, Table], ...]:
    """How many specifications give each rung, and between which margins they lie."""
    rungs = [(rung, percent(share)) for rung, share in (found.get("rungs") or {}).items()]
    parts = [("Specifications by rung", table(("rung", "share"), rungs, "share"))]
    if curve is not None:
        margins = curve.frame()["margin"]
        rows = [(f"{q:.0%}", margins.quantile(q)) for q in (0.0, 0.25, 0.5, 0.75, 1.0)]
        head = ("specifications below", "margin")
        parts.append(("Margins (hard from 1)", table(head, rows, ",".join(head))))
    return tuple(parts)


def _flips(found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    flips = found.get("flips") or []
    for flip in flips:
        ends = (figure(flip.get(key)) for key in ("from", "to"))
        yield str(flip.get("factor")), *ends, percent(flip.get("share")), str(flip.get("alone"))
    if not flips:
        yield "none", "–", "–", "no choice turns the rung", "–"


def _ripe(found: Mapping[str, Any]) -> tuple[str, ...]:
    ripe = found.get("ripe")
    if not isinstance(ripe, dict):
        return ()
    flips = ", ".join(
        f"{f['factor']} from {figure(f['from'])} to {figure(f['to'])} in {percent(f['share'])}"
        for f in (ripe.get("flips") or [])[:3]
    )
    text = (
        f"Whether one was to be expected: {figure(ripe.get('ripe'))} in "
        f"{percent(ripe.get('agreeing'))} of {ripe.get('specifications', 0):,} specifications"
    )
    return (text + (f"; what turns it most: {flips}." if flips else "."),)


def _curve(curve: Any) -> Any:
    if curve is None:
        return None

    def draw() -> Any:
        from counterpoise.figures.specification import specification_curve

        return specification_curve(curve)

    return draw


def would_change(dossier: Dossier) -> Exhibit:
    """What would change the verdict, or why that is unknown."""
    title = "What would change it?"
    found, reason = dossier.part("would_change")
    if found is None:
        return unknown("would_change", title, reason or "", CHANGE_HOW)
    listed = found if isinstance(found, list) else [found]
    rows = [
        tuple(figure(v) if not isinstance(v, dict | list) else str(v) for v in item.values())
        if isinstance(item, dict)
        else (str(item),)
        for item in listed
    ]
    head = tuple(listed[0]) if listed and isinstance(listed[0], dict) else ("change",)
    says = f"{len(listed)} changes move it by a rung." if listed else "No single change moves it."
    return Exhibit(
        "would_change", title, says, sources("atop_members"), CHANGE_HOW, table(head, rows)
    )


def flat(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested values as pairs of name and figure."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from flat(value, f"{name} {key}".strip().replace("_", " "))
    elif isinstance(found, list) and any(isinstance(v, dict | list) for v in found):
        for place, value in enumerate(found, start=1):
            yield from flat(value, f"{name} {place}".strip())
    else:
        yield name, ", ".join(map(figure, found)) if isinstance(found, list) else figure(found)
