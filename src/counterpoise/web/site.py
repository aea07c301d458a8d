"""The main pages as a folder of files that needs no server."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise import cases, files
from counterpoise.assessment import claims as ledgers
from counterpoise.errors import DataError
from counterpoise.report.exhibits import EXHIBITS
from counterpoise.report.pages import read
from counterpoise.web import rendering, views
from counterpoise.web.answers import Answers
from counterpoise.web.links import Exported
from counterpoise.web.questions import Asked, Compared
from counterpoise.web.settings import Settings

if TYPE_CHECKING:
    from counterpoise.web.views import View

STATIC = Path(__file__).parent / "static"


def export_site(folder: Path) -> list[Path]:
    """Write the main pages, their charts inside, and the files that they need.

    Returns
    -------
    The files written, relative to the folder.

    Raises
    ------
    DataError : the folder cannot be written, or holds files that no export of ours left.
    """
    _prepare(folder)
    answers = Answers(Settings())
    questions = [_question(*row[:3]) for row in views.SUGGESTED]
    links = _links(questions)
    written = [_write(folder, name, view, links) for name, view in _pages(answers, questions)]
    return sorted([*written, *_assets(folder)])


def _question(bloc: str, against: str, year: int) -> Asked:
    return Asked.model_validate({"bloc": bloc, "against": against, "year": year})


def _prepare(folder: Path) -> None:
    """Make the folder; one with other people's files in it is left alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = sorted(p.name for p in folder.iterdir() if p.suffix not in (".html", "")) or []
    except OSError as error:
        raise DataError(f"Cannot write {folder}: {error.strerror}") from None
    if foreign:
        raise DataError(
            f"{folder} holds other files ({', '.join(foreign[:3])}). Name an empty folder."
        )


def file_of(asked: Asked) -> str:
    """Name of the file of a question, such as assess-sco-usa-2006.html."""
    words = re.findall(r"[a-z0-9]+", f"{asked.bloc} {asked.against} {asked.year}".casefold())
    return f"assess-{'-'.join(words)}.html"


def _links(questions: list[Asked]) -> Exported:
    listed = {("assess", asked.query()): file_of(asked) for asked in questions}
    named = {
        (name, ""): f"{name}.html" for name in ("compare", "leaders", "claims", "cases", "data")
    }
    keys = [views.case_key(case) for case in cases.shipped()]
    of_cases = {(f"cases/{key}", ""): f"case-{key}.html" for key in keys}
    start = {("home", ""): "index.html", ("assess", ""): file_of(questions[0])}
    return Exported({**listed, **named, **of_cases, **start})


def _pages(answers: Answers, questions: list[Asked]) -> list[tuple[str, View]]:
    settled = [(claim, claim.outcome()) for claim in ledgers.ledger()]
    found = [
        ("index.html", views.home(answers)),
        ("compare.html", views.compare(answers, Compared.model_validate({}))),
        ("leaders.html", views.leading(2006)),
        ("claims.html", views.claims(settled, None)),
        ("cases.html", views.case_list()),
        ("data.html", views.data()),
    ]
    found += [(file_of(asked), _whole(answers, asked)) for asked in questions]
    keys = [views.case_key(case) for case in cases.shipped()]
    return found + [(f"case-{key}.html", views.case(key)) for key in keys]


def _whole(answers: Answers, asked: Asked) -> View:
    """A question with every part on its page: nothing can be fetched later."""
    view = views.assess(answers, asked)
    parts = [EXHIBITS[name](views.dossier(answers, asked)) for name in EXHIBITS]
    return replace(view, values={**view.values, "shown": parts, "later": [], "asked_only": ""})


def _write(folder: Path, name: str, view: View, links: Exported) -> Path:
    specs = {
        part.name: text
        for part in view.values.get("shown", [])
        if (text := rendering.inline(part)) is not None
    }
    sent = rendering.page(view, links, specs=specs, fewer="")
    files.write_bytes(folder / name, sent.body)
    return Path(name)


def _assets(folder: Path) -> list[Path]:
    target = folder / "static"
    target.mkdir(exist_ok=True)
    files.write_bytes(target / "style.css", read("style.css").encode())
    written = [Path("static", "style.css")]
    for source in sorted(p for p in STATIC.rglob("*") if p.is_file()):
        shutil.copyfile(source, target / source.name)
        written.append(Path("static", source.name))
    return written
