"""A case study for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from counterpoise.assessment.wording import percent
from counterpoise.report.terminal import figure

if TYPE_CHECKING:
    from rich.console import RenderableType

    from counterpoise.assessment.case_study import CaseStudy
    from counterpoise.assessment.consensus import Label

CAVEAT = (
    "Forecasts with 95 % intervals over the coding ranges. The weighted mean is hard to beat: "
    "models with more steps seldom do better."
)


def case_study(found: CaseStudy) -> RenderableType:
    """Labels under both weightings, leaders and lesser members, then issue by issue."""
    return Group(
        Text(f"{found.name}: consensus {found.consensus.power.kind}, weighted by power", "bold"),
        _labels(found),
        _visions(found),
        _issues(found),
        *_accuracy(found),
        Text(CAVEAT, "dim"),
    )


def _accuracy(found: CaseStudy) -> list[RenderableType]:
    if found.accuracy is None:
        return [Text("No outcome is recorded, so no forecast is scored.", "dim")]
    errors = ", ".join(f"{model} {error:.1f}" for model, error in found.accuracy.items())
    return [Text(f"Mean absolute error in points of the scale: {errors}.")]


def _labels(found: CaseStudy) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    titles = ("weights", "label", "R", "A reject", "V", "negativity", "kept", "by chance")
    for title in titles:
        table.add_column(title, justify="left" if title in ("weights", "label") else "right")
    for name, label in (("power", found.consensus.power), ("equal", found.consensus.equal)):
        table.add_row(name, *_label(label))
    return table


def _label(label: Label) -> list[str]:
    interval = label.negativity_interval
    spread = f" ({interval[0]:.2f} to {interval[1]:.2f})" if interval else ""
    return [
        label.kind,
        figure(label.rejection),
        figure(label.accord_reject),
        figure(label.vision),
        figure(label.negativity) + spread,
        percent(label.kept),
        percent(label.chance),
    ]


def _visions(found: CaseStudy) -> RenderableType:
    one, two = found.leaders
    lines = [f"Coders: {', '.join(f'{c} {k}' for c, k in found.consensus.by_coder.items())}."]
    if found.agreement:
        a = found.agreement
        lines.append(f"Agreement: Krippendorff's α {a.alpha:.2f} ({a.low:.2f} to {a.high:.2f}).")
    if found.leaders_gap is not None:
        lines.append(f"{one} and {two} lie {found.leaders_gap:.0f} points apart on what to build.")
    lines += [
        f"  {m.name}: {m.to_strongest:.0f} from {one}, {m.to_second:.0f} from {two}"
        for m in found.lesser
    ]
    lines += [f"Carried forward: {t}: {how}" for t, how in found.extended.items()]
    return Text("\n".join(lines))


def _issues(found: CaseStudy) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("issue", "kind", "target", "status quo", "beats it", "swing members"):
        table.add_column(title, overflow="fold")
    for title in ("median", "mean", "challenge"):
        table.add_column(title, justify="right")
    for issue in found.issues:
        low, high = issue.win_set
        table.add_row(
            issue.title,
            issue.kind,
            f"{issue.target:.0f}",
            f"{issue.status_quo:.0f}",
            "nothing" if low == high else f"{low:.0f} to {high:.0f}",
            ", ".join(issue.swing) or "none",
            *(f"{f.forecast:.0f} ({f.low:.0f}–{f.high:.0f})" for f in issue.forecasts),
        )
    return table
