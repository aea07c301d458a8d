"""What a report and a page fill their templates with."""

from __future__ import annotations

import functools
import platform
from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from counterpoise import record, states
from counterpoise.assessment.answer import TABLES, citations
from counterpoise.assessment.wording import headline, percent, reason, told
from counterpoise.errors import MissingExtraError
from counterpoise.report.exhibit import Table, table
from counterpoise.report.plain import UNKNOWN, figure
from counterpoise.version import __version__

if TYPE_CHECKING:
    from counterpoise.assessment.verdict import Verdict
    from counterpoise.report.dossier import Dossier

TONES = {True: "pass", False: "fail", None: "open"}
"""Class of a figure that passes, fails, or is unknown."""


class Card(NamedTuple):
    """The verdict at a glance; each fact is a title, a text and a tone."""

    observed: str
    asked: str
    rung: str
    reason: str
    facts: tuple[tuple[str, str, str], ...]


def card(verdict: Verdict) -> Card:
    """The verdict card of a question."""
    question = verdict.question
    rung, why = told(verdict), reason(verdict)
    return Card(
        verdict.observed,
        f"{question.bloc.name} against {question.target.name}, {question.year}",
        _sentence(rung),
        _sentence(why),
        _facts(verdict),
    )


def _sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "?", "!")) else whole + "."


def _facts(verdict: Verdict) -> tuple[tuple[str, str, str], ...]:
    ripe = {True: "yes", False: "no", None: UNKNOWN}[verdict.ripe]
    consensus = verdict.consensus.power.kind if verdict.consensus else UNKNOWN
    return (
        _fact(verdict, "Bound by pacts", "bound_share"),
        _fact(verdict, "Two strongest bound", "core_bound"),
        _fact(verdict, "Aimed at the target", "directed"),
        _fact(verdict, "Strong enough", "strong_enough"),
        ("Was one to be expected?", ripe, "open" if verdict.ripe is None else ""),
        ("Consensus", consensus, "" if verdict.consensus else "open"),
        _fact(verdict, "Lesser members at stake", "survival_share"),
        ("Power measured by", verdict.question.metric, ""),
    )


def _fact(verdict: Verdict, title: str, name: str) -> tuple[str, str, str]:
    check = verdict.check(name)
    value = check.value
    text = percent(value) if isinstance(value, float) else figure(value)
    return title, text, TONES[check.passed]


def report_values(dossier: Dossier) -> dict[str, Any]:
    """Everything that a report's template needs beside its parts."""
    verdict = dossier.verdict
    return {
        "headline": headline(verdict),
        "card": card(verdict),
        "unknowns": [(name.replace("_", " "), why) for name, why in verdict.coverage.items()],
        "extended": list(verdict.question.reach.extended.items()),
        "command": dossier.command,
        "versions": versions(),
        "rules": rules(verdict),
        "citations": citations(TABLES),
    }


def versions() -> str:
    """The versions that an answer was made with."""
    import numpy as np
    import polars as pl

    return (
        f"Counterpoise {__version__}, record {record.manifest().record}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}, Polars {pl.__version__}."
    )


def rules(verdict: Verdict) -> Table:
    """Every cut-off in use."""
    found = asdict(verdict.question.rules)
    nested = found.pop("hostility")
    flat = found | {f"hostility {name}": value for name, value in nested.items()}
    rows = [(name.replace("_", " "), value) for name, value in flat.items()]
    return table(("setting", "value"), rows, "value")


def names(codes: tuple[int, ...], year: int) -> str:
    """Names of states as of a year."""
    known = states.names()
    return ", ".join(known.name(code, year) for code in codes)


def read(name: str) -> str:
    """Text of a file among the templates."""
    return resources.files("counterpoise").joinpath("templates", name).read_text(encoding="utf-8")


@functools.cache
def templates() -> Any:
    """The templates; whatever goes into those that make HTML is escaped.

    Raises
    ------
    MissingExtraError : the template engine is not installed.
    """
    try:
        import jinja2
    except ImportError:
        raise MissingExtraError("jinja2", "report", "Writing reports") from None
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("counterpoise", "templates"),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
    )
    made.filters["cell"] = _markdown_cell
    return made


def _markdown_cell(text: str) -> str:
    """Text that keeps to its cell and is not taken for Markdown or HTML."""
    for sign in "\\|<>*_`[]":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())
