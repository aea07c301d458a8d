"""Addresses of case files: the list, one case, and the editor."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from counterpoise import cases
from counterpoise.errors import CaseError, CounterpoiseError
from counterpoise.report import case_parts
from counterpoise.web import case_text, rendering, views
from counterpoise.web.questions import Asked, Name, Year
from counterpoise.web.routes import (
    DATA,
    FAULTS,
    PAGE,
    PART,
    Kind,
    answers_in,
    page_of,
    part_of,
    respond,
    spend,
    twin_of,
)

router = APIRouter(responses=FAULTS)
FILE = answers_in("The file", "application/toml")
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$")]


@router.get("/cases", response_class=Response, responses=PAGE)
async def listed(request: Request) -> Response:
    """Every case file of the package, and where to begin one."""
    return await page_of(request, "cases", views.case_list)


@router.get("/cases.json", response_class=Response, responses=DATA)
async def listed_twin(request: Request) -> Response:
    """The same as JSON."""
    return await twin_of(request, "cases", views.case_list)


@router.get("/cases/{key}.json", response_class=Response, responses=DATA)
async def case_twin(request: Request, key: Key) -> Response:
    """One case as JSON."""
    return await twin_of(request, f"cases/{key}", partial(views.case, key))


@router.get("/cases/{key}.toml", response_class=Response, responses=FILE)
async def case_file(key: Key) -> Response:
    """One case as the file that the command line reads."""
    text = case_text.to_toml(views.shipped_case(key))
    return _file(text, f"{key}.toml")


@router.get("/cases/{key}", response_class=Response, responses=PAGE)
async def one_case(request: Request, key: Key) -> Response:
    """One case: its scales, and what follows from them."""
    return await page_of(request, f"cases/{key}", partial(views.case, key))


@router.get("/cases/{key}/part/{name}.{kind}", response_class=Response, responses=PART)
async def case_part(request: Request, key: Key, name: str, kind: Kind) -> Response:
    """One part of a case in another form."""
    make = partial(views.case, key)
    return await part_of(request, f"cases/{key}", make, f"cases/{key}", name, kind)


class Started(BaseModel):
    """Where the editor starts: a case of the package, or a blank one for a bloc."""

    model_config = ConfigDict(frozen=True)

    case: Key | None = Field(None, description="A case of the package.")
    bloc: Name = "SCO"
    against: Name = "USA"
    year: Year = 2010


@router.get("/case-editor", response_class=Response, responses=PAGE)
async def editor(request: Request, started: Annotated[Started, Query()]) -> Response:
    """The editor with a case of the package, or a blank one."""
    key = ("editor", *started.model_dump().values())
    answers = request.app.state.answers
    return respond(await answers.page(key, partial(_started, request, started)))


def _started(request: Request, started: Started) -> rendering.Sent:
    if started.case is not None:
        text = case_text.to_toml(views.shipped_case(started.case))
    else:
        named = {"bloc": started.bloc, "against": started.against, "year": started.year}
        text = case_text.blank(Asked.model_validate(named))
    return _edited(request, text)


class Edited(BaseModel):
    """What the editor sends: the text of a case, and what to do with it."""

    text: str = Field("", max_length=1_000_000)
    do: str = Field("check", max_length=20)
    issue: str = Field("", max_length=200)
    actor: str = Field("", max_length=200)
    position: str = Field("", max_length=40)
    salience: str = Field("", max_length=40)
    source: str = Field("", max_length=600)
    upload: UploadFile | None = None


@router.post("/case-editor", response_class=Response, responses=PAGE)
async def check(request: Request, edited: Annotated[Edited, Form()]) -> Response:
    """Check a case, move one position in it, show what follows."""
    spend(request)
    text = await _text(edited)
    return respond(await run_in_threadpool(_checked, request, text, edited))


async def _text(edited: Edited) -> str:
    if edited.upload is None or not edited.upload.filename:
        return edited.text
    content = await edited.upload.read()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise HTTPException(422, "The file is not text in UTF-8.") from None


def _checked(request: Request, text: str, edited: Edited) -> rendering.Sent:
    moved = ""
    try:
        if edited.do == "move":
            found = case_text.moved(
                case_text.read(text),
                edited.issue,
                edited.actor,
                _number("position", edited.position),
                _number("salience", edited.salience),
                edited.source.strip(),
            )
            text, moved = case_text.to_toml(found), f"Moved {edited.actor} on {edited.issue}."
    except CaseError as error:
        return _edited(request, text, edited, faults=case_text.faults(error))
    return _edited(request, text, edited, moved=moved)


def _number(name: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise CaseError(f"{name} is no number: {text}") from None


def _edited(
    request: Request, text: str, edited: Edited | None = None, **more: Any
) -> rendering.Sent:
    """The editor with a text: its faults, or the case and what follows from it."""
    values: dict[str, Any] = {
        "text": text,
        "case": None,
        "faults": [],
        "moved": "",
        "reason": "",
        "shown": [],
        "issue": edited.issue if edited else "",
        "actor": edited.actor if edited else "",
        "position": "",
        "salience": "",
        **more,
    }
    if not values["faults"]:
        try:
            values |= _worked(case_text.read(text))
        except CaseError as error:
            values["faults"] = case_text.faults(error)
    view = views.View("web/editor.html", "Case editor", "cases", values, views.nothing)
    specs = {part.name: rendering.inline(part) for part in values["shown"]}
    links = request.app.state.links
    inside = "web/editor_inside.html" if "hx-request" in request.headers else None
    return rendering.page(view, links, inside=inside, specs=specs, plain_links=QUIET)


class _Quiet:
    """Addresses of a page whose parts have none: they are in what was sent, and nowhere else."""

    is_live = False


QUIET = _Quiet()


def _worked(found: cases.Case) -> dict[str, Any]:
    from counterpoise.assessment.case_study import study

    parts, reason = [case_parts.scales(found)], ""
    try:
        parts.append(case_parts.study(study([found])))
    except CounterpoiseError as error:
        reason = str(error)
    return {"case": found, "shown": parts, "reason": reason}


@router.post("/case-editor/download", response_class=Response, responses=FILE)
async def download(edited: Annotated[Edited, Form()]) -> Response:
    """The text of the editor as a file."""
    return _file(edited.text.replace("\r\n", "\n"), "case.toml")


def _file(text: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), 200, headers, "application/toml")
