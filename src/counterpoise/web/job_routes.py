"""Addresses that start, show and stop background jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from counterpoise.web import rendering, views
from counterpoise.web.questions import Scanned
from counterpoise.web.routes import DATA, FAULTS, PAGE, respond, spend

if TYPE_CHECKING:
    from counterpoise.web.jobs import Job, Jobs

router = APIRouter(responses=FAULTS)
AWAY: dict[int | str, dict[str, Any]] = {
    303: {"description": "To the page that shows how far it is"}
}


def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.jobs
    return found


def _job(request: Request, number: str) -> Job:
    found = _jobs(request).get(number)
    if found is None:
        raise HTTPException(404, "There is no such job; it may have been forgotten.")
    return found


@router.post("/scan", response_class=Response, status_code=303, responses=AWAY)
async def start_scan(request: Request, asked: Annotated[Scanned, Form()]) -> Response:
    """Start a search in the background, or join the one that is under way."""
    where = f"/scan?{asked.query()}"
    key = ("scan", asked.query())
    if request.app.state.answers.objects.get(key) is None:
        spend(request)
        question = {
            "against": asked.against,
            "first": asked.first,
            "last": asked.last,
            "power": asked.power,
            "draws": asked.draws,
            "most": max(asked.draws, 1),
        }
        title = f"Searching {asked.first}–{asked.last} against {asked.against}"
        _jobs(request).start("scan", title, where, key, question)
    return RedirectResponse(where, 303)


@router.get("/jobs/{number}.json", response_class=Response, responses=DATA)
async def job_twin(request: Request, number: str) -> Response:
    """The same as JSON."""
    return respond(rendering.as_json(_job(request, number).to_dict()))


@router.get("/jobs/{number}", response_class=Response, responses=PAGE)
async def show_job(request: Request, number: str) -> Response:
    """How far a job is."""
    return _shown(request, _job(request, number))


@router.post("/jobs/{number}/cancel", response_class=Response, responses=PAGE)
async def cancel_job(request: Request, number: str) -> Response:
    """Stop a job."""
    job = _job(request, number)
    _jobs(request).cancel(job)
    return _shown(request, job)


def _shown(request: Request, job: Job) -> Response:
    """The job as a page, or as the piece of one; a piece that is done shows the result's page."""
    view = views.View(
        "web/jobs.html", job.title, "", {"job": job, "path": f"jobs/{job.number}"}, views.nothing
    )
    if "hx-request" not in request.headers:
        return respond(rendering.page(view, request.app.state.links))
    response = respond(rendering.page(view, request.app.state.links, inside="web/job_inside.html"))
    if job.state == "done":
        response.headers["hx-location"] = job.back
    return response
