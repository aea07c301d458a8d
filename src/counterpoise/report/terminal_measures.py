"""Likeness, soft strands and territory for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from counterpoise import states
from counterpoise.assessment.soft_test import soft_checks
from counterpoise.report.plain import figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import RenderableType

    from counterpoise.assessment.soft_strands import SoftStrands, Standing
    from counterpoise.assessment.soft_test import SoftTest
    from counterpoise.measures.energy import EnergyBalance
    from counterpoise.measures.territory import PresenceChange

LIKENESS = (
    ("S, absolute distances", "srsvaa", "srsvva"),
    ("S, squared distances", "srsvas", "srsvvs"),
    ("S, absolute, weighed by power", "srswvaa", None),
    ("S, squared, weighed by power", "srswvas", None),
    ("kappa, squared distances", "kappava", "kappavv"),
    ("kappa, any pact or none", "kappaba", None),
    ("pi, nominal", "piva_nominal", "pivv_nominal"),
    ("pi, squared distances", "piva", "pivv"),
    ("tau-b", "taub", "taubvv"),
    ("A", "alignva", "alignvv"),
)
"""What a table of likeness calls each measure, and its columns by pacts and by votes."""

BY_YEAR = ("srsvaa", "kappava", "piva", "taub", "srsvva", "kappavv", "pivv", "taubvv")
HEADS = ("S", "kappa", "pi", "tau-b") * 2


def _two(value: float | None, signed: bool = False) -> str:
    if value is None:
        return "unknown"
    return f"{value:+.2f}" if signed else f"{value:.2f}"


def _percent(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"{100 * value:.1f} %" if abs(value) < 0.1 else f"{100 * value:.0f} %"


def _names(codes: Sequence[int], year: int) -> str:
    names = states.names()
    return ", ".join(names.name(code, year) for code in codes) or "none"


def likeness(one: str, two: str, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Two states compared: one year in full, several years by the chief measures."""
    if len(rows) == 1:
        return _one_year(one, two, rows[0])
    table = Table(box=box.SIMPLE_HEAD, title=f"{one} and {two}", title_justify="left")
    for head in ("year", *(f"{h} pacts" for h in HEADS[:4]), *(f"{h} votes" for h in HEADS[4:])):
        table.add_column(head, justify="right")
    table.add_column("roll calls", justify="right")
    for row in rows:
        cells = ["" if row[c] is None else _two(row[c], signed=True) for c in BY_YEAR]
        calls = "" if row["joint_votes"] is None else str(row["joint_votes"])
        table.add_row(str(row["year"]), *cells, calls)
    return Group(table, Text("Blank: unknown or undefined. pi with squared distances.", "dim"))


def _one_year(one: str, two: str, row: Mapping[str, Any]) -> RenderableType:
    title = f"{one} and {two}, {row['year']}"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("Measure")
    table.add_column("pacts", justify="right")
    table.add_column("votes", justify="right")
    for name, pacts, votes in LIKENESS:
        cells = [("" if c is None else _two(row[c], signed=True)) for c in (pacts, votes)]
        table.add_row(name, *cells)
    calls = row["joint_votes"]
    note = "No common roll call" if calls is None else f"{calls} roll calls on which both voted"
    return Group(table, Text(f"1 is full agreement, 0 for kappa, pi, A chance. {note}.", "dim"))


def coordination(found: SoftTest) -> RenderableType:
    """The test of soft balancing: each figure with what it needs."""
    if found.residual is None:
        return Text(f"Votes beyond preferences: unknown, {found.reason}")
    table = Table(title="Votes beyond preferences", box=box.SIMPLE_HEAD, title_justify="left")
    for column in ("test", "figure", "needs", ""):
        table.add_column(column, justify="left" if column == "test" else "right")
    for check in soft_checks(found):
        result = {True: "pass", False: "fail", None: "unknown"}[check.passed]
        table.add_row(check.title, figure(check.value), check.threshold, result)
    others = ", ".join(f"{other.name} {other.excess:+.3f}" for other in found.others)
    note = (
        f"Residual {found.residual:.3f} on {found.clusters} subjects, {found.first}–{found.last}; "
        f"above matched groups by {figure(found.excess)} against the target; {others or 'none'}."
    )
    return Group(table, Text(note, "dim"))


def soft(found: SoftStrands, title: str) -> RenderableType:
    """All strands, each with what matched groups show beside it, and what is unknown."""
    parts: list[RenderableType] = [Text(title, "bold"), _aligned(found), _shared(found)]
    parts.append(_strands(found))
    if found.reasons:
        parts.append(Padding(Text("Unknown, or not in full", "bold"), (1, 0, 0, 0)))
        parts += [Text(f"{name}: {why}", "dim") for name, why in found.reasons.items()]
    return Group(*parts)


def _aligned(found: SoftStrands) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("Likeness of votes in the UN", "this bloc", "matched groups", "percentile"):
        table.add_column(head, justify="left" if head.startswith("Like") else "right")
    if found.alignment is None:
        return Text("Votes in the UN: unknown")
    sides = (("members", "members with each other"), ("target", "members with the target"))
    for side, what in sides:
        for measure in ("s", "kappa", "pi"):
            name = f"{side}_{measure}"
            label = f"{measure.upper() if measure == 's' else measure}, {what}"
            value = getattr(found.alignment, name)
            table.add_row(label, _two(value, signed=True), *_stand(found.standing.get(name)))
    return table


def _shared(found: SoftStrands) -> RenderableType:
    own = found.institutions
    if own is None:
        return Text("Institutions: unknown")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("Joint memberships", "this bloc", "matched groups", "percentile"):
        table.add_column(head, justify="left" if head.startswith("Joint") else "right")
    share, excess = found.standing.get(_SHARE), found.standing.get(_EXCESS)
    table.add_row("share without the target", _two(own.share), *_stand(share))
    table.add_row("expected from their number", _two(own.expected_share), "", "")
    table.add_row("beyond what is expected", _two(own.excess, signed=True), *_stand(excess))
    return table


_SHARE, _EXCESS = "shared_without_target_share", "excess_without_target_share"


def _stand(found: Standing | None) -> tuple[str, str]:
    if found is None or found.percentile is None:
        return "", ""
    return f"{_two(found.low, signed=True)} to {_two(found.high, signed=True)}", (
        f"{found.percentile:.0f}"
    )


def _strands(found: SoftStrands) -> RenderableType:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, text in _lines(found):
        if text:
            table.add_row(name, text)
    return table


def _lines(found: SoftStrands) -> list[tuple[str, str]]:
    craft = found.statecraft
    return [
        ("Organisations", _organisations(found)),
        ("Loans", _loans(found)),
        ("Trade", _trade(found)),
        ("Sanctions", _sanctions(found)),
        ("Oil", _fuel(craft.oil)),
        ("Gas", _fuel(craft.gas)),
        ("Arms", _imports(craft.arms)),
        ("Supply", _imports(craft.supply)),
        ("Territory", _territory(found)),
    ]


def _organisations(found: SoftStrands) -> str:
    own = found.institutions
    if own is None:
        return ""
    # The source strings the names that a body has borne together with slashes.
    short = [(name.partition("/")[0], number) for name, number in own.shared_by_most]
    listed = "; ".join(f"{name} ({number})" for name, number in short[:6])
    rest = len(own.shared_by_most) - 6
    return f"without the target: {listed}" + (f"; and {rest} more" if rest > 0 else "")


def _loans(found: SoftStrands) -> str:
    lent = found.statecraft.loans
    if lent is None:
        return ""
    amount = "of unknown size"
    if lent.amount_usd2014 is not None:
        amount = f"{lent.amount_usd2014 / 1e9:.2f} billion US dollars of 2014"
    text = f"China to other members {lent.first_year}–{lent.last_year}: {amount}"
    text += f" in {lent.projects} projects"
    if lent.projects_without_amount:
        text += f" ({lent.projects_without_amount} without an amount)"
    share = lent.lender_share
    return text + ("" if share is None else f", {_percent(share)} of all it is known to have lent")


def _trade(found: SoftStrands) -> str:
    flow = found.statecraft.trade
    if flow is None or flow.within_at_least is None:
        return ""

    def part(share: float | None, least: float | None) -> str:
        return _percent(share) if share is not None else f"at least {_percent(least)}"

    return (
        f"{part(flow.within_share, flow.within_at_least)} of members' trade is with each other, "
        f"{part(flow.with_target_share, flow.with_target_at_least)} with the target "
        f"(which has {_percent(flow.target_world_share)} of the trade of states outside)"
    )


def _sanctions(found: SoftStrands) -> str:
    held = found.statecraft.sanctions
    if held is None:
        return ""
    kinds = f" ({', '.join(held.by_target_kinds)})" if held.by_target_kinds else ""
    return (
        f"{held.by_target} by the target against members{kinds}, "
        f"{held.by_members} by members against it, {held.among_members} among members"
    )


def _fuel(found: EnergyBalance | None) -> str:
    if found is None:
        return ""
    parts = []
    for what, codes, share in (
        ("net exporters", found.exporters, found.exporters_share),
        ("net importers", found.importers, found.importers_share),
    ):
        weight = "" if share is None or not codes else f", {_percent(share)} of the bloc's power"
        parts.append(f"{what} {_names(codes, found.year)}{weight}")
    text = "; ".join(parts)
    if found.unknown:
        text += f"; unknown {_names(found.unknown, found.year)}"
    if found.world_export_share is not None:
        text += f". {_percent(found.world_export_share)} of the world's net exports"
    if found.divided:
        text += ". The two strongest stand on opposite sides of a producers' club"
    return text


def _imports(found: Any) -> str:
    if found is None:
        return ""
    return (
        f"{_percent(found.from_bloc_share)} of their imports come from members, "
        f"{_percent(found.from_target_share)} from the target"
    )


def _territory(found: SoftStrands) -> str:
    held = found.territory
    text = f"target's forces at the end of {held.year} in: {_names(held.hosts, held.year)}"
    if held.hosts_share is not None:
        text += f" ({_percent(held.hosts_share)} of the bloc's power)"
    for what, changes in (("gained", held.gained), ("lost", held.lost)):
        if changes:
            text += f"; {what}: " + ", ".join(_change(c) for c in changes)
    return text


def _change(found: PresenceChange) -> str:
    name = states.names().name(found.ccode, found.year)
    when = str(found.day or found.year)
    return f"{name} {when}" + (f" ({found.base})" if found.base else "")


def territory(title: str, frame: pl.DataFrame, changes: Sequence[PresenceChange]) -> RenderableType:
    """Hosts by year, or where they are many one line each, and what was gained and lost."""
    many = frame["ccode"].n_unique() > MOST_COLUMNS
    table = _host_lines(title, frame) if many else _years_by_host(title, frame)
    listed = [Text(f"{c.year}  {c.change}  {_change(c)}{_doubt(c)}") for c in changes]
    heading = Padding(Text("Gained and lost", "bold"), (1, 0, 0, 0))
    return Group(table, heading, *(listed or [Text("nothing")]))


MOST_COLUMNS = 8
"""More hosts than this are listed one a line."""


def _years_by_host(title: str, frame: pl.DataFrame) -> RenderableType:
    hosts = frame["ccode"].unique(maintain_order=True).to_list()
    last, names = _last(frame), states.names()
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("year")
    for host in hosts:
        table.add_column(names.name(host, last), justify="right", overflow="fold")
    for (year,), rows in frame.partition_by("year", as_dict=True, maintain_order=True).items():
        table.add_row(str(year), *(_presence(row) for row in rows.iter_rows(named=True)))
    note = (
        "Troops as counted; * forces at the end of the year, B coded base in the year, "
        "? unknown, in grey: not a member."
    )
    return Group(table, Text(note, "dim"))


def _host_lines(title: str, frame: pl.DataFrame) -> RenderableType:
    """One line per host that ever had forces; the others are named below."""
    last, names = _last(frame), states.names()
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    for head in ("Host", "forces at the end of", "most troops", f"in {last}", "coded bases"):
        table.add_column(head, overflow="fold")
    without: dict[str, list[str]] = {"none": [], "unknown": []}
    for (host,), rows in frame.partition_by("ccode", as_dict=True, maintain_order=True).items():
        name = names.name(host, last)
        bases = ", ".join(rows["base"].drop_nulls().unique(maintain_order=True))
        years = rows.filter(pl.col("hosts"))["year"].to_list()
        if years or bases:
            most = rows.drop_nulls("troops").sort("troops", descending=True).head(1)
            top = f"{most['troops'][0]:,.0f} ({most['year'][0]})" if most.height else "unknown"
            now = rows["troops"][-1]
            table.add_row(name, _runs(years), top, "?" if now is None else f"{now:,.0f}", bases)
        else:
            known = rows["hosts"].null_count() == 0
            without["none" if known else "unknown"].append(name)
    notes = [
        Text(f"{what}: {', '.join(listed)}", "dim")
        for what, listed in (
            ("No forces in any year", without["none"]),
            ("Not known to have had any", without["unknown"]),
        )
        if listed
    ]
    return Group(table, *notes)


def _last(frame: pl.DataFrame) -> int:
    return int(frame["year"].max())  # type: ignore[arg-type]


def _runs(years: Sequence[int]) -> str:
    """Years as runs: 1950–1966, 1970."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs)


def _doubt(found: PresenceChange) -> str:
    doubt = "" if found.by == "base" else "  by counts"
    if found.unknown_before:
        doubt += f"; {found.unknown_before} unknown years before"
    return doubt + ("" if found.is_member else "  (not a member then)")


def _presence(row: Mapping[str, Any]) -> Text:
    count = "?" if row["troops"] is None else f"{row['troops']:,.0f}"
    marks = ("*" if row["hosts"] else "") + ("B" if row["base"] else "")
    return Text(f"{count} {marks}".strip(), "" if row["is_member"] else "dim")
