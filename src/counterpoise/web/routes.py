"""Addresses of the dashboard: which page answers to which, and in what form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from counterpoise.errors import CounterpoiseError
from counterpoise.web import rendering, views
from counterpoise.web.questions import Asked, Compared, Scanned, Year
from counterpoise.web.security import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterpoise.web.answers import Answers
    from counterpoise.web.jobs import Job, Jobs
    from counterpoise.web.rendering import Sent
    from counterpoise.web.views import View

HTML = "text/html"
Kind = Literal["json", "csv", "svg", "png", "vl"]
HEAVY = ("svg", "png")


class Problem(BaseModel):
    """What is wrong, where, and what to do."""

    error: str


Responses = dict[int | str, dict[str, Any]]
REASONS = {
    403: "A form was sent from another site",
    404: "No such bloc, state, page or part, or nothing covers the year",
    413: "More was sent than is read",
    414: "The address is too long",
    421: "Another host was named",
    422: "A parameter is not of its declared form",
    429: "Too many pictures, reports or jobs at once",
    503: "Too many questions at once",
}
FAULTS: Responses = {
    code: {"model": Problem, "description": text} for code, text in REASONS.items()
}


def answers_in(what: str, *kinds: str, faults: str = "") -> Responses:
    """Description of a good answer in some content types, and of the faults in one more."""
    good = {kind: {"schema": {"type": "string"} if kind != JSON else {}} for kind in kinds}
    shown: Responses = {200: {"content": good, "description": what}}
    for code, fault in FAULTS.items():
        extra = {faults: {"schema": {"type": "string"}}} if faults else {}
        shown[code] = fault | {"content": extra}
    return shown


JSON = "application/json"
PAGE = answers_in("The page", HTML, faults=HTML)
DATA = answers_in("The twin of the page", JSON)
REPORT = answers_in("The report", HTML, "text/markdown")
PART = answers_in("The part", *(kind.split(";")[0] for kind in rendering.TYPES.values()))
router = APIRouter(responses=FAULTS)


def respond(sent: Sent) -> Response:
    """What was made, as a response; nothing is kept by a browser without asking again."""
    headers = {"cache-control": "no-cache"}
    if sent.address:
        headers["hx-push-url"] = sent.address
    return Response(sent.body, sent.status, headers, sent.kind)


def _answers(request: Request) -> Answers:
    found: Answers = request.app.state.answers
    return found


def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.jobs
    return found


def spend(request: Request) -> None:
    """Take a token from the client's budget of work that is not kept yet.

    Raises
    ------
    RefusedError : it is spent; the header says when to come back.
    """
    client = request.client.host if request.client else "unknown"
    wait = request.app.state.budget.take(client)
    if wait:
        error = RefusedError(429, "Too many pictures, reports or jobs at once; wait a little.")
        error.headers = {"retry-after": f"{wait:.0f}"}
        raise error


AskedQuery = Annotated[Asked, Query()]
ComparedQuery = Annotated[Compared, Query()]
ScannedQuery = Annotated[Scanned, Query()]


async def page_of(request: Request, key: str, make: Callable[[], View], **more: Any) -> Response:
    """A page, as it was kept or made now."""
    links = request.app.state.links
    sent = await _answers(request).page(
        ("page", key), lambda: rendering.page(make(), links, **more)
    )
    return respond(sent)


async def twin_of(request: Request, key: str, make: Callable[[], View]) -> Response:
    """The JSON twin of a page."""

    def made() -> Sent:
        view = make()
        return rendering.as_json(view.data(), view.status)

    return respond(await _answers(request).page(("json", key), made))


async def part_of(
    request: Request, key: str, make: Callable[[], View], page: str, name: str, kind: str
) -> Response:
    """One part of a page: by itself as a page, as a fragment of one, or in another form."""
    is_fragment = "hx-request" in request.headers
    kept = ("part", key, name, kind, is_fragment)
    if kind in HEAVY and _answers(request).pages.get(kept) is None:
        spend(request)

    def made() -> Sent:
        view = make()
        if name not in view.parts:
            listed = ", ".join(view.parts) or "none"
            raise HTTPException(404, f"That page has no such part. There are: {listed}")
        part = view.parts[name]()
        if kind != "html":
            try:
                return rendering.part_as(part, kind)
            except KeyError:
                raise HTTPException(404, f"{part.title} has no picture.") from None
        links = request.app.state.links
        back = links.page(page, view.query)
        values = {"part": part, "page": page, "back": back, "back_text": view.title}
        shown = views.View("web/part.html", part.title, view.nav, values, views.nothing, view.query)
        inside = "web/part_inside.html" if is_fragment else None
        return rendering.page(shown, links, inside=inside)

    return respond(await _answers(request).page(kept, made))


@router.get("/", response_class=Response, responses=PAGE)
async def home(request: Request) -> Response:
    """The article's question, answered."""
    return await page_of(request, "home", partial(views.home, _answers(request)))


@router.get("/index.json", response_class=Response, responses=DATA)
async def home_twin(request: Request) -> Response:
    """The same as JSON."""
    return await twin_of(request, "home", partial(views.home, _answers(request)))


def _assessed(request: Request, asked: Asked) -> View:
    try:
        return views.assess(_answers(request), asked)
    except CounterpoiseError as error:
        return views.refused(asked, error)


@router.get("/assess", response_class=Response, responses=PAGE)
async def assess(request: Request, asked: AskedQuery) -> Response:
    """One bloc against one target in one year: verdict, tests, strands, every other part."""
    key = f"assess?{asked.query()}"
    links = request.app.state.links
    is_fragment = request.headers.get("hx-target") == "answer"

    def made() -> Sent:
        view = _assessed(request, asked)
        plain = Asked.model_validate(
            {"bloc": asked.bloc, "against": asked.against, "year": asked.year}
        )
        inside = "web/answer.html" if is_fragment else None
        sent = rendering.page(view, links, inside=inside, asked_only=plain.query())
        return rendering.Sent(
            sent.body, sent.kind, sent.status, links.page("assess", asked.query())
        ) if is_fragment else sent  # fmt: skip

    return respond(await _answers(request).page(("page", key, is_fragment), made))


@router.get("/assess.json", response_class=Response, responses=DATA)
async def assess_twin(request: Request, asked: AskedQuery) -> Response:
    """The verdict, in the form of ``counterpoise assess --json``."""
    return await twin_of(request, f"assess?{asked.query()}", partial(_assessed, request, asked))


@router.get("/assess/part/{name}.{kind}", response_class=Response, responses=PART)
async def assess_part_as(request: Request, name: str, kind: Kind, asked: AskedQuery) -> Response:
    """One part of a verdict as JSON, CSV, SVG, PNG or Vega-Lite (vl)."""
    return await _assess_part(request, name, kind, asked)


@router.get("/assess/part/{name}", response_class=Response, responses=PAGE)
async def assess_part(request: Request, name: str, asked: AskedQuery) -> Response:
    """One part of a verdict as a page of its own."""
    return await _assess_part(request, name, "html", asked)


async def _assess_part(request: Request, name: str, kind: str, asked: Asked) -> Response:
    def make() -> View:
        return views.parts_of(_answers(request), asked)

    return await part_of(request, f"assess?{asked.query()}", make, "assess", name, kind)


@router.get("/assess/report.{kind}", response_class=Response, responses=REPORT)
async def report(request: Request, kind: Literal["html", "md"], asked: AskedQuery) -> Response:
    """The whole verdict in one file, with its pictures."""
    kept = ("report", asked.query(), kind)
    if _answers(request).pages.get(kept) is None:
        spend(request)
    made = partial(views.report, _answers(request), asked, kind)
    response = respond(await _answers(request).page(kept, made))
    # It brings its own style, which the policy of these pages would not let in: it is for keeping.
    response.headers["content-disposition"] = f'attachment; filename="counterpoise.{kind}"'
    return response


@router.get("/compare", response_class=Response, responses=PAGE)
async def compare(request: Request, asked: ComparedQuery) -> Response:
    """Up to four questions side by side."""
    make = partial(views.compare, _answers(request), asked)
    return await page_of(request, f"compare?{asked.query()}", make, fewer=_fewer(asked))


def _fewer(asked: Compared) -> str:
    short = {k: getattr(asked, k)[:-1] for k in ("bloc", "against", "year")}
    return asked.model_copy(update=short).query()


@router.get("/compare.json", response_class=Response, responses=DATA)
async def compare_twin(request: Request, asked: ComparedQuery) -> Response:
    """The same as JSON."""
    make = partial(views.compare, _answers(request), asked)
    return await twin_of(request, f"compare?{asked.query()}", make)


@router.get("/compare/part/{name}.{kind}", response_class=Response, responses=PART)
async def compare_part(request: Request, name: str, kind: Kind, asked: ComparedQuery) -> Response:
    """One part of a comparison in another form."""
    make = partial(views.compare, _answers(request), asked)
    return await part_of(request, f"compare?{asked.query()}", make, "compare", name, kind)


LeadingYear = Annotated[Year, Query(description="Year shown in detail.")]


@router.get("/leaders", response_class=Response, responses=PAGE)
async def leaders(request: Request, year: LeadingYear = 2006) -> Response:
    """Leading states since 1816 under every metric."""
    return await page_of(request, f"leaders?{year}", partial(views.leading, year))


@router.get("/leaders.json", response_class=Response, responses=DATA)
async def leaders_twin(request: Request, year: LeadingYear = 2006) -> Response:
    """The same as JSON."""
    return await twin_of(request, f"leaders?{year}", partial(views.leading, year))


@router.get("/leaders/part/{name}.{kind}", response_class=Response, responses=PART)
async def leaders_part(
    request: Request, name: str, kind: Kind, year: LeadingYear = 2006
) -> Response:
    """One part of the page in another form."""
    make = partial(views.leading, year)
    return await part_of(request, f"leaders?{year}", make, "leaders", name, kind)


CLAIMS = ("claims",)


def _claims(request: Request) -> View:
    found = _answers(request).objects.get(CLAIMS)
    job: Job | None = None
    if found is None:
        job = _jobs(request).under_way(CLAIMS)
        if job is None or job.may_be_repeated:
            job = _jobs(request).start("claims", "Settling every claim", "/claims", CLAIMS, {})
    return views.claims(found, job)


@router.get("/claims", response_class=Response, responses=PAGE)
async def claims(request: Request) -> Response:
    """Who predicted what, and were they right."""
    if _answers(request).objects.get(CLAIMS) is not None:
        return await page_of(request, "claims", partial(_claims, request))
    links = request.app.state.links
    return respond(await run_in_threadpool(lambda: rendering.page(_claims(request), links)))


@router.get("/claims.json", response_class=Response, responses=DATA)
async def claims_twin(request: Request) -> Response:
    """The same as JSON; ``job`` says how far the settling is, null once done."""
    if _answers(request).objects.get(CLAIMS) is not None:
        return await twin_of(request, "claims", partial(_claims, request))
    return respond(await run_in_threadpool(lambda: rendering.as_json(_claims(request).data())))


@router.get("/claims/part/{name}.{kind}", response_class=Response, responses=PART)
async def claims_part(request: Request, name: str, kind: Kind) -> Response:
    """One part of the page in another form."""
    settled = _answers(request).objects.get(CLAIMS) is not None
    make = partial(_claims, request)
    return await part_of(request, f"claims?{settled}", make, "claims", name, kind)


def _scan_key(asked: Scanned) -> tuple[str, str]:
    return ("scan", asked.query())


def _scan(request: Request, asked: Scanned) -> View:
    found = _answers(request).objects.get(_scan_key(asked))
    job = None if found is not None else _jobs(request).under_way(_scan_key(asked))
    return views.scan(asked, found, job)


@router.get("/scan", response_class=Response, responses=PAGE)
async def scan(request: Request, asked: ScannedQuery) -> Response:
    """A search for coalitions: its form, its progress, what it found."""
    links = request.app.state.links
    made = await run_in_threadpool(lambda: rendering.page(_scan(request, asked), links))
    return respond(made)


@router.get("/scan.json", response_class=Response, responses=DATA)
async def scan_twin(request: Request, asked: ScannedQuery) -> Response:
    """The same as JSON; nothing is found until the search was started and has ended."""
    made = await run_in_threadpool(lambda: rendering.as_json(_scan(request, asked).data()))
    return respond(made)


@router.get("/scan/part/{name}.{kind}", response_class=Response, responses=PART)
async def scan_part(request: Request, name: str, kind: Kind, asked: ScannedQuery) -> Response:
    """What a search found in another form."""
    found = _answers(request).objects.get(_scan_key(asked)) is not None
    make = partial(_scan, request, asked)
    return await part_of(request, f"scan?{asked.query()}{found}", make, "scan", name, kind)


@router.get("/data", response_class=Response, responses=PAGE)
async def data(request: Request) -> Response:
    """What the record holds."""
    return await page_of(request, "data", views.data)


@router.get("/data.json", response_class=Response, responses=DATA)
async def data_twin(request: Request) -> Response:
    """The same as JSON."""
    return await twin_of(request, "data", views.data)


@router.get("/data/part/{name}.{kind}", response_class=Response, responses=PART)
async def data_part(request: Request, name: str, kind: Kind) -> Response:
    """One part of the page in another form."""
    return await part_of(request, "data", views.data, "data", name, kind)


def described(request: Request) -> View:
    """The addresses of the dashboard, from its own description."""
    spec = request.app.openapi()
    operations = [
        (path, method.upper(), about)
        for path, methods in spec["paths"].items()
        for method, about in methods.items()
    ]
    return views.View(
        "web/api.html", "All addresses", "api", {"operations": operations}, lambda: spec
    )


@router.get("/api", response_class=Response, responses=PAGE)
async def api(request: Request) -> Response:
    """Every address with its parameters."""
    return await page_of(request, "api", partial(described, request))


@router.get("/api.json", response_class=Response, responses=DATA)
async def api_twin(request: Request) -> Response:
    """The same as OpenAPI."""
    return await twin_of(request, "api", partial(described, request))
