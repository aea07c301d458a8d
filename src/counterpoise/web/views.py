"""What each page shows, apart from how it is sent: a template, its values, and the JSON twin."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterpoise import blocs, cases, record, states
from counterpoise.assessment import claims as ledgers
from counterpoise.assessment import resemblance
from counterpoise.assessment.claim_scores import score_ledger
from counterpoise.assessment.leaders import leader
from counterpoise.errors import CounterpoiseError, CoverageError
from counterpoise.measures.power import METRICS
from counterpoise.measures.rules import STANDARD
from counterpoise.report import case_parts, galleries
from counterpoise.report import ledgers as ledger_parts
from counterpoise.report.dossier import Dossier
from counterpoise.report.exhibit import Exhibit, table
from counterpoise.report.exhibits import EXHIBITS, plain_table
from counterpoise.report.pages import card, report_values
from counterpoise.report.plain import figure, plain
from counterpoise.web.questions import CUTS, Asked, Compared, Scanned
from counterpoise.web.rendering import Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from counterpoise.assessment.verdict import Verdict
    from counterpoise.web.answers import Answers
    from counterpoise.web.jobs import Job

EAGER = ("tests",)
"""Parts of a verdict that its page shows at once; the others come as the reader scrolls."""

HOME = Asked.model_validate({})
"""The question of the article: the SCO against the United States in 2006."""

SUGGESTED = (
    ("SCO", "USA", 2006, "The article's question"),
    ("SCO", "USA", 2018, "The SCO at the end of the record"),
    ("Warsaw Pact", "USA", 1985, "The Warsaw Pact against the United States"),
    ("NATO", "365", 1985, "NATO against the Soviet Union"),
    ("FRA,DEU,RUS", "USA", 2003, "France, Germany and Russia over Iraq"),
    ("Triple Entente", "DEU", 1914, "The Entente against Germany"),
)
"""Questions that a newcomer may start from."""


@dataclass(frozen=True)
class View:
    """One page: template, values, plain data for its twin, the query that it stands for."""

    template: str
    title: str
    nav: str
    values: dict[str, Any]
    data: Callable[[], Any]
    query: str = ""
    status: int = 200
    parts: Mapping[str, Callable[[], Exhibit]] = field(default_factory=dict)


def dossier(answers: Answers, asked: Asked) -> Dossier:
    """Everything about one question, kept between pages."""
    key = ("dossier", asked.query())
    found: Dossier = answers.object(key, lambda: Dossier(asked.verdict()))
    return found


def home(answers: Answers) -> View:
    """The article's question, answered at once, and where to go from there."""
    found = dossier(answers, HOME)
    suggested = [
        (Asked.model_validate({"bloc": b, "against": a, "year": y}).query(), text)
        for b, a, y, text in SUGGESTED
    ]
    return View(
        "web/home.html",
        "Is anyone balancing against the leading power?",
        "home",
        {
            "card": card(found.verdict),
            "question": HOME.query(),
            "suggested": suggested,
            "leading": _leading(2006),
            "shown": [EXHIBITS[name](found) for name in ("network", "timeline")],
            **_lists(),
        },
        lambda: found.answer,
    )


def nothing() -> None:
    """The twin of a page that has none."""


def parts_of(answers: Answers, asked: Asked) -> View:
    """The parts of a question without its page: only the one that is asked for is made."""
    found = dossier(answers, asked)
    parts = {name: functools.partial(make, found) for name, make in EXHIBITS.items()}
    title = f"{found.verdict.question.bloc.name}, {asked.year}"
    return View("web/part.html", title, "assess", {}, nothing, asked.query(), parts=parts)


def report(answers: Answers, asked: Asked, kind: str) -> Sent:
    """The whole report on a question, as HTML or Markdown."""
    from counterpoise.report.html import html
    from counterpoise.report.markdown import markdown

    found = dossier(answers, asked)
    if kind == "md":
        return Sent(markdown(found).encode(), "text/markdown; charset=utf-8")
    return Sent(html(found).encode(), "text/html; charset=utf-8")


def _leading(year: int) -> list[tuple[str, str, str]]:
    names = states.names()
    return [
        (METRICS[name].title, names.name(row.ccode, year), f"{100 * row.share:.0f} %")
        for name, row in leader(year).by_metric.items()
        if row is not None
    ]


@functools.cache
def _lists() -> dict[str, Any]:
    """Names that the fields of a form suggest."""
    names = states.names()
    known = [b for b in blocs.known() if ":" not in b.key]
    last = record.coverage("states")[1]
    targets = [(names.abbreviation(c), names.name(c, last)) for c in states.system(last)]
    return {"bloc_list": known, "target_list": targets, "metrics": list(METRICS.values())}


def assess(answers: Answers, asked: Asked) -> View:
    """One question with its controls: verdict, tests, strands, and places for the other parts."""
    found = dossier(answers, asked)
    values = report_values(found)
    return View(
        "web/assess.html",
        values["headline"],
        "assess",
        {
            **values,
            **controls(asked, found.verdict),
            "shown": [EXHIBITS[name](found) for name in EAGER],
            "later": [(name, TITLES[name]) for name in EXHIBITS if name not in EAGER],
        },
        lambda: found.answer | {"command": found.command},
        asked.query(),
        parts={name: functools.partial(make, found) for name, make in EXHIBITS.items()},
    )


TITLES = {
    "tests": "The tests",
    "strands": "Strand by strand",
    "timeline": "Time line",
    "map": "Map",
    "network": "Network of pacts",
    "consensus": "Consensus",
    "threat": "Threat",
    "soft": "Soft balancing, or only diplomacy?",
    "multiverse": "Does it depend on the analyst?",
    "resemblance": "Is it a born-again Warsaw Pact?",
    "would_change": "What would change it?",
}
"""Titles of the parts before they are made."""


def controls(asked: Asked, verdict: Verdict | None = None) -> dict[str, Any]:
    """What the form holds: the question, the years of the bloc, every cut-off."""
    first, last = years(asked)
    return {
        "asked": asked,
        "first": min(first, asked.year),
        "last": max(last, asked.year),
        "cuts": [(name, text, _cut(asked, name), _cut(HOME, name)) for name, text in CUTS],
        "window": asked.window or STANDARD.hostility.window,
        "neighbours": [
            (year, asked.query(year=year))
            for year in (asked.year - 1, asked.year + 1)
            if first <= year <= last
        ],
        "member_names": _members(verdict),
        **_lists(),
    }


def _cut(asked: Asked, name: str) -> str:
    given = getattr(asked, name)
    return f"{getattr(STANDARD, name) if given is None else given:.2f}"


def _members(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    names = states.names()
    return ", ".join(names.name(c, verdict.question.year) for c in verdict.question.members)


def years(asked: Asked) -> tuple[int, int]:
    """First and last year that the slider offers: those of the bloc, as far as pacts go."""
    reach = record.coverage("us_troops" if asked.extend else "atop_members")[1]
    try:
        spans = blocs.spans(asked.bloc)
    except CounterpoiseError:
        return record.coverage("states")[0], reach
    first = min((a for a, _ in spans if a is not None), default=1816)
    ends = [reach if b is None else min(b, reach) for _, b in spans]
    return max(first, 1816), max([first, *ends])


def refused(asked: Asked, error: CounterpoiseError) -> View:
    """A question that cannot be answered: why, and the form to mend it."""
    nearby = []
    if isinstance(error, CoverageError):
        first, last = years(asked)
        year = min(max(asked.year, first), last)
        if year != asked.year:
            nearby = [(asked.query(year=year), f"{asked.bloc} against {asked.against} in {year}")]
    return View(
        "web/assess.html",
        "No answer",
        "assess",
        {"reason": str(error), "nearby": nearby, "card": None, **controls(asked)},
        lambda: {"error": str(error)},
        asked.query(),
        status=404,
    )


def compare(answers: Answers, asked: Compared) -> View:
    """Several questions side by side, and how far they are from each other."""
    questions = asked.questions()
    columns = [_column(answers, question) for question in questions]
    known = [c["dossier"].verdict for c in columns if c["dossier"] is not None]
    parts = [_side_by_side(known), _distances(known)] if known else []
    return View(
        "web/compare.html",
        "Compare blocs",
        "compare",
        {"columns": columns, "asked": asked, "questions": questions, "shown": parts, **_lists()},
        lambda: {
            "questions": [
                c["dossier"].answer if c["dossier"] else {"error": c["error"]} for c in columns
            ],
            "parts": [plain_table(part) for part in parts],
        },
        asked.query(),
        parts={part.name: functools.partial(_same, part) for part in parts},
    )


def _same(part: Exhibit) -> Exhibit:
    return part


def _column(answers: Answers, question: Asked) -> dict[str, Any]:
    try:
        found = dossier(answers, question)
    except CounterpoiseError as error:
        return {"question": question, "card": None, "error": str(error), "dossier": None}
    return {"question": question, "card": card(found.verdict), "error": "", "dossier": found}


def _named(verdict: Verdict) -> str:
    return f"{verdict.question.bloc.key or verdict.question.bloc.name} {verdict.question.year}"


def _side_by_side(known: Sequence[Verdict]) -> Exhibit:
    heads = tuple(map(_named, known))
    rows = [
        (
            check.title,
            check.threshold.replace(">=", "≥"),
            *(figure(v.check(check.name).value) for v in known),
        )
        for check in known[0].checks
    ]
    sources = dict.fromkeys(part for c in known[0].checks for part in c.source.split("; "))
    return Exhibit(
        "tests",
        "The tests side by side",
        "The same figures for every column.",
        tuple(sources),
        "Each figure is set against the cut-off beside it; each bloc has a page of its own.",
        table(("Test", "needs", *heads), rows, ",".join(("needs", *heads))),
    )


def _distances(known: Sequence[Verdict]) -> Exhibit:
    profiles = {_named(v): resemblance.profile(v) for v in known}
    rows = [
        (
            one,
            *(resemblance.compare(two, profiles[one], profiles[two]).distance for two in profiles),
        )
        for one in profiles
    ]
    return Exhibit(
        "distances",
        "How far apart they are",
        "0 is alike in every measure that both know, 1 as far apart as can be.",
        ("all measures of the verdicts above",),
        "Mean over strands of the mean over measures of |x − y| (Gower 1971).",
        table(("", *profiles), rows, ",".join(profiles)),
    )


def leading(year: int) -> View:
    """Leading states since 1816, and the year asked in detail."""
    parts: dict[str, Callable[[], Exhibit]] = {
        "year": functools.partial(galleries.leaders_of, year),
        "leaders": galleries.leading_states,
    }
    made = {name: make() for name, make in parts.items()}
    return View(
        "web/parts.html",
        "Leading states, 1816 to 2022",
        "leaders",
        {"intro": made["leaders"].says, "year": year, "shown": list(made.values())},
        lambda: leader(year).to_dict() | {"parts": [plain_table(p) for p in made.values()]},
        f"year={year}",
        parts=parts,
    )


def claims(resolved: ledger_parts.Resolved | None, job: Job | None) -> View:
    """The ledger, what became of each claim, and the scoreboard."""
    listed = ledgers.ledger()
    parts: dict[str, Callable[[], Exhibit]] = {}
    if resolved is not None:
        scores = score_ledger(resolved)
        parts["scores"] = functools.partial(ledger_parts.scoreboard, scores)
    parts["ledger"] = functools.partial(ledger_parts.ledger, listed, resolved)
    made = [make() for make in parts.values()]
    return View(
        "web/parts.html",
        "Who predicted what, and were they right?",
        "claims",
        {
            "intro": "Claims of the debate about balancing against the United States, settled by "
            "the same code as every verdict.",
            "shown": made,
            "job": job,
        },
        lambda: {
            "parts": [plain_table(part) for part in made],
            "job": job.to_dict() if job else None,
        },
        parts=parts,
    )


def scan(asked: Scanned, found: Any, job: Job | None) -> View:
    """The form of a search, its progress, and what it found."""
    parts: dict[str, Callable[[], Exhibit]] = {}
    if found is not None:
        parts["hits"] = functools.partial(galleries.hits, found)
    made = [make() for make in parts.values()]
    return View(
        "web/scan.html",
        "Search for coalitions",
        "scan",
        {
            "asked": asked,
            "shown": made,
            "job": job,
            "last_pacts": record.coverage("atop_members")[1],
            **_lists(),
        },
        lambda: {
            "parts": [plain_table(part) for part in made],
            "job": job.to_dict() if job else None,
        },
        asked.query(),
        parts=parts,
    )


def data() -> View:
    """The state of the record: every table, and every bloc with a name."""
    parts: dict[str, Callable[[], Exhibit]] = {
        "coverage": galleries.record_coverage,
        "blocs": lambda: galleries.listed_blocs(blocs.known()),
    }
    made = [make() for make in parts.values()]
    manifest = record.manifest()
    return View(
        "web/parts.html",
        "What the record holds",
        "data",
        {
            "intro": f"Record {manifest.record}. Every figure on these pages comes from it.",
            "shown": made,
        },
        lambda: {"record": manifest.record, "parts": [plain_table(part) for part in made]},
        parts=parts,
    )


def case_list() -> View:
    """Every case file of the package."""
    listed = [(case_key(case), case) for case in cases.shipped()]
    return View(
        "web/cases.html",
        "Case files: who wants what",
        "cases",
        {"listed": listed, "names": states.names(), **_lists()},
        lambda: [
            {
                "case": key,
                "name": c.name,
                "bloc": c.bloc,
                "target": c.target,
                "year": c.year,
                "coder": c.coder,
            }
            for key, c in listed
        ],
    )


def case_key(case: cases.Case) -> str:
    """Name of a shipped case in an address, such as sco-2006-a."""
    words = "".join(
        sign if sign.isalnum() else "-" for sign in f"{case.name} {case.coder}".casefold()
    )
    return "-".join(word for word in words.split("-") if word)


def case(key: str) -> View:
    """One shipped case: its scales, and what follows from them.

    Raises
    ------
    CaseError : no such case.
    """
    from counterpoise.assessment.case_study import study

    found = shipped_case(key)
    codings = cases.find(found.bloc, found.target, found.year)
    parts: dict[str, Callable[[], Exhibit]] = {
        "scales": functools.partial(case_parts.scales, found)
    }
    reason = ""
    try:
        worked = study(codings)
        parts["study"] = functools.partial(case_parts.study, worked)
    except CounterpoiseError as error:
        reason = str(error)
    made = [make() for make in parts.values()]
    return View(
        "web/case.html",
        f"{found.name}, coder {found.coder}",
        "cases",
        {"key": key, "case": found, "shown": made, "reason": reason, "names": states.names()},
        lambda: (
            plain(found.model_dump(mode="json")) | {"parts": [plain_table(part) for part in made]}
        ),
        parts=parts,
    )


def shipped_case(key: str) -> cases.Case:
    """A case of the package by its key.

    Raises
    ------
    CaseError : no such case; the message lists those there are.
    """
    from counterpoise.errors import CaseError

    held = {case_key(case): case for case in cases.shipped()}
    if key not in held:
        raise CaseError(f"There is no case of that name. There are: {', '.join(held)}")
    return held[key]
