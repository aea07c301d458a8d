"""The dashboard as an application: pages, their twins, and what guards them."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from counterpoise.errors import CounterpoiseError
from counterpoise.report.pages import read
from counterpoise.version import __version__
from counterpoise.web import case_routes, job_routes, rendering, routes, views
from counterpoise.web.answers import Answers
from counterpoise.web.jobs import Job, Jobs
from counterpoise.web.links import Served
from counterpoise.web.rendering import Sent
from counterpoise.web.security import Budget, Guard
from counterpoise.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

STATIC = Path(__file__).parent / "static"
TITLES = {
    400: "That request cannot be read",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That cannot be done here",
    413: "That is too large",
    422: "That question cannot be asked",
    429: "Too much at once",
    503: "The server is busy",
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application with its limits; nothing is listened to yet."""
    settings = settings or Settings()
    app = FastAPI(
        title="Counterpoise",
        version=__version__,
        description="Do states balance against a leading power? Every page has a JSON twin.",
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
    )
    answers = Answers(settings)
    app.state.settings = settings
    app.state.answers = answers
    app.state.links = Served(_version())
    app.state.jobs = Jobs(settings, lambda job: _keep(answers, job))
    app.state.budget = Budget(settings.heavy_burst, settings.heavy_per_minute)
    for part in (routes, case_routes, job_routes):
        app.include_router(part.router)
    app.add_middleware(Guard, settings=settings)
    app.add_exception_handler(CounterpoiseError, _wrong_question)
    app.add_exception_handler(RequestValidationError, _wrong_form)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_api_route("/static/style.css", _style, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


@contextlib.asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Work out the first page before it is asked for, and stop everything at the end."""
    answers: Answers = app.state.answers
    warm = threading.Thread(target=_warm, args=(answers,), daemon=True, name="warm")
    warm.start()
    yield
    app.state.jobs.close()
    answers.close()


def _warm(answers: Answers) -> None:
    # What fails here fails again, and is shown, when a reader asks for it.
    with contextlib.suppress(CounterpoiseError):
        views.home(answers)
        views.leading(2006)


def _keep(answers: Answers, job: Job) -> None:
    """Keep what a job found for the pages that show it."""
    answers.objects.put(job.key, job.result)
    job.result = None


def _version() -> str:
    """A short hash of the files that pages need, so that browsers keep them until they change."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(STATIC.rglob("*.*")):
        digest.update(path.read_bytes())
    digest.update(read("style.css").encode())
    return digest.hexdigest()[:12]


def _style() -> Response:
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(read("style.css"), media_type="text/css", headers=headers)


def _wrong_question(request: Request, error: Exception) -> Response:
    return _told(request, 404, str(error))


def _wrong_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [f"{_where(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    return _told(request, 422, "; ".join(faults))


def _where(place: Any) -> str:
    return ".".join(str(part) for part in place[1:]) or "request"


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = _told(request, error.status_code, str(error.detail))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _told(request: Request, status: int, reason: str) -> Response:
    """An error as a page, or as JSON for a program."""
    if not wants_html(request):
        return send(rendering.as_json({"error": reason}, status))
    title = TITLES.get(status, "Something went wrong")
    view = views.View("web/error.html", title, "", {"reason": reason}, views.nothing, status=status)
    return send(rendering.page(view, request.app.state.links))


def wants_html(request: Request) -> bool:
    """Does a browser ask for a page, rather than a program for data?"""
    last = request.url.path.rsplit("/", 1)[-1]
    is_page = "." not in last
    return is_page and (
        "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers
    )


def send(sent: Sent) -> Response:
    """What was made, as a response."""
    return routes.respond(sent)
