"""Rival explanations for a terminal: the surprise, the test of each, the split, the claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from rich.console import RenderableType

    Values = Mapping[str, Any]

LITTLE = 0.5
"""Share of units inside the historical range below which a change is an extrapolation."""


SIGNS = {True: "as said", False: "opposite", None: ""}

NOTE_SCORES = (
    "Coefficient: log-odds per standard deviation of the first variable, alone, with dyadic robust "
    "bounds. Skill: share of climatology's log loss saved, a target spell held out at a time; by "
    "period: a whole period. Alarms: windows in which a coalition was forecast as more likely than "
    "not, and those in which one came."
)
NOTE_SILENCE = (
    "P(silence): no new pact in these years, forecasts taken at their word; corrected: as held-out "
    "history corrects them. Change at median: P(silence) with the explanation's variables at the "
    "historical median in the joint fit, less P(silence) as it was. Overlap: the least share of "
    "units inside the historical range."
)


def explained(values: Values) -> RenderableType:
    """The whole answer."""
    return Group(
        Text(_title(values), "bold"),
        *_surprise(values),
        Text("\nEach explanation, held out by target spell", "bold"),
        _scores(values),
        Text(NOTE_SCORES, "dim"),
        Text("\nThe silence, under each", "bold"),
        _silence(values),
        Text(NOTE_SILENCE, "dim"),
        Text("\nWho earns the held-out log score (Shapley split)", "bold"),
        _split(values["shapley"]),
        Text("\nVariables", "bold"),
        _variables(values),
        Text("\nPublished claims on this record", "bold"),
        _claims(values["claims"]),
        _build_up(values["build_up"]),
        Text("\nLeading states", "bold"),
        *_leaders(values["leaders"]),
    )


def _title(values: Values) -> str:
    span = f"{values['target']['name']}, {values['from']}–{values['to']}"
    if values["observed"]["silent"]:
        return f"Why no coalition against {span}?"
    return f"Coalitions against {span}: rival explanations"


def _surprise(values: Values) -> list[Text]:
    """How surprising silence is before any theory."""
    base, events, observed = values["base_rate"], values["events"], values["observed"]
    powers = base["against_powers"]
    if observed["silent"]:
        happened = "none"
    else:
        happened = ", ".join(f"{p['pact']} ({p['signed']})" for p in observed["pacts"])
    lines = [
        f"New pacts aimed at it in these years: {happened}. At other powers meanwhile: in "
        f"{observed['other_windows_with_pact']} of {observed['other_windows']} windows.",
        f"Since 1816: {events['pacts']} new pacts aimed at {events['pairs']} powers in all, joined "
        f"by {events['joined']} states; {events['before_1900']} pacts before 1900, "
        f"{events['by_decade'].get('1940', 0)} in the 1940s, {events['since_1990']} since 1990; "
        f"{events['unknown']} more of unknown direction.",
        f"Spans of {base['years']} years without one, before {base['before']}: "
        f"{_share(powers['silent'], powers['spans'], powers['interval'])} of those of a power; "
        + "; ".join(
            f"{_share(led['silent'], led['spans'], led['interval'])} against the leader by {name} "
            f"({led['pacts']} pacts)"
            for name, led in base["against_leaders"].items()
        )
        + ".",
        "Probability of silence in these years without any explanation: "
        f"{_bounded(base['p_silence'], base['p_silence_interval'])}.",
    ]
    return [Text(line) for line in lines]


def _share(part: int, whole: int, interval: Sequence[float] | None) -> str:
    if not whole:
        return "none fits"
    bounds = f" ({100 * interval[0]:.0f}–{100 * interval[1]:.0f})" if interval else ""
    return f"{100 * part / whole:.0f} %{bounds}"


def _scores(values: Values) -> Table:
    """Coefficient and held-out scores."""
    table = _table(
        "explanation", "coefficient", "sign", "Brier", "log", "skill", "by period", "alarms"
    )
    for rows in (values["explanations"], values["references"]):
        for row in rows:
            alarms = row["alarms"]
            table.add_row(
                row["name"],
                _bounded(row["coefficient"], row["interval"]),
                SIGNS[row["as_expected"]],
                f"{row['brier']:.4f}",
                f"{row['log']:.4f}",
                _bounded(row["skill"], row["skill_interval"], 3),
                f"{row['skill_by_period']:.3f}",
                f"{alarms['true']} true of {alarms['raised']}",
            )
        table.add_section()
    return table


def _silence(values: Values) -> Table:
    """Probability of silence, and what moves it."""
    table = _table(
        "explanation", "P(silence)", "corrected", "change at median", "overlap", "alarm here"
    )
    for rows in (values["explanations"], values["references"]):
        for row in rows:
            table.add_row(
                row["name"],
                _bounded(row["p_silence"], row["p_silence_interval"], 3),
                f"{row['p_silence_recalibrated']:.2f}",
                _bounded(row["change"], row["change_interval"]),
                _overlap(row["overlap"]),
                "false" if row["false_alarm"] else "none",
            )
        table.add_section()
    return table


def _overlap(value: float | None) -> str:
    if value is None:
        return ""
    return f"{100 * value:.0f} %" + (" (extrapolation)" if value < LITTLE else "")


def _split(found: Values) -> RenderableType:
    table = _table("explanation", "share", "null", "p", "rank")
    for part in found["parts"]:
        null = f"{_two(part['null_low'])} to {_two(part['null_high'])}"
        rank = "overlaps others" if part["rank"] is None else str(part["rank"])
        share = _bounded(part["share"], part["interval"])
        table.add_row(part["name"], share, null, _two(part["p_value"]), rank)
    table.add_row("all", _bounded(found["saved"], found["interval"]), "", "", "")
    note = "Thousandths of a nat per unit, whole periods held out. A description, not an effect."
    return Group(table, Text(note, "dim"))


def _variables(values: Values) -> Table:
    table = _table("explanation", "variable", "expected", "alone", "by pact", "all together")
    for row in values["explanations"]:
        for variable in row["variables"]:
            table.add_row(
                row["name"],
                variable["variable"],
                {1: "+", -1: "−", 0: ""}[variable["expected"]],
                _bounded(variable["coefficient"], variable["interval"]),
                _bounds(variable["interval_pact"]),
                _bounded(variable["together"], variable["together_interval"]),
            )
    return table


def _claims(rows: Sequence[Values]) -> Table:
    table = _table("claim", "reading", "years", "holds", "else", "difference", "verdict")
    verdict = {True: "agrees", False: "disagrees", None: "not decided"}
    for row in rows:
        table.add_row(
            f"{row['claim']} ({row['source']})",
            row["reading"],
            "–".join(str(year) for year in row["years"]),
            f"{_two(row['rate_with'])} of {row['with_condition']}",
            f"{_two(row['rate_without'])} of {row['without_condition']}",
            _bounded(row["difference"], row["interval"]),
            verdict[row["agrees"]],
        )
    return table


def _build_up(found: Values) -> RenderableType:
    table = _table("power", "growth a year", "United States", "before", "change of burden")
    for row in found["efforts"]:
        table.add_row(
            row["name"],
            _percent(row["growth"]),
            _percent(row["target_growth"]),
            _percent(row["before"]),
            _percent(row["burden_change"], "points of GDP"),
        )
    first, last = found["years"]
    verdict = "agrees" if found["agrees"] else "disagrees"
    note = (
        f"{found['claim']}, {first}–{last} ({found['source']}): {verdict}. New pacts aimed at it: "
        f"{found['new_pacts']}; powers that raised their burden: {found['raised_burden']}; powers "
        f"that outgrew it: {found['outgrew_target']}."
    )
    return Group(table, Text(note))


def _leaders(rows: Sequence[Values]) -> list[Text]:
    """One line per metric, reigns of ten years or more spelled out."""
    lines = []
    for metric in dict.fromkeys(row["metric"] for row in rows):
        reigns = [r for r in rows if r["metric"] == metric]
        long = [r for r in reigns if r["to"] - r["from"] >= 9]
        told = "; ".join(f"{r['name']} {r['from']}–{r['to']}" for r in long)
        rest = len(reigns) - len(long)
        more = f"; {rest} reigns of under ten years" if rest else ""
        lines.append(Text(f"{metric}: {told}{more}"))
    return lines


def curve(frame: pl.DataFrame, summary: pl.DataFrame) -> RenderableType:
    """How stable each explanation's figures are over specifications."""
    answered = frame.filter(frame["name"].is_not_null())["number"].n_unique()
    unanswered = frame.filter(frame["reason"].is_not_null()).height
    table = _table("explanation", "skill > 0", "skill", "P(silence)", "less climatology", "change")
    for row in summary.iter_rows(named=True):
        table.add_row(
            row["name"],
            f"{100 * row['share_with_skill']:.0f} %",
            *(_spread(row, column) for column in ("skill", "p_silence", "beyond", "change")),
        )
    note = f"{answered} specifications; median (5th to 95th percentile). No probability."
    if unanswered:
        note += f" {unanswered} have no answer: the target was no power of their kind."
    return Group(table, Text(note, "dim"))


def _spread(row: Values, column: str) -> str:
    return _bounded(row[f"{column}_median"], (row[f"{column}_low"], row[f"{column}_high"]), 3)


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for number, title in enumerate(titles):
        table.add_column(title, overflow="fold", no_wrap=number == 0 and title == "explanation")
    return table


def _bounded(value: float | None, interval: Sequence[float | None] | None, digits: int = 2) -> str:
    if value is None:
        return ""
    bounds = _bounds(interval, digits) if interval else ""
    return f"{value:.{digits}f} {bounds}".strip()


def _bounds(interval: Sequence[float | None], digits: int = 2) -> str:
    low, high = interval
    if low is None or high is None:
        return ""
    return f"({low:.{digits}f} to {high:.{digits}f})"


def _two(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _percent(value: float | None, unit: str = "") -> str:
    return "unknown" if value is None else f"{100 * value:+.1f} % {unit}".strip()
