"""Background jobs: they end, tell how far they are, and can be stopped."""

from __future__ import annotations

import time

import httpx
import pytest

from counterpoise.web.jobs import Job, Jobs
from counterpoise.web.security import RefusedError
from counterpoise.web.settings import Settings

PAGE = {"accept": "text/html"}


def wait(job: Job, seconds: float = 90) -> Job:
    end = time.monotonic() + seconds
    while not job.has_ended and time.monotonic() < end:
        time.sleep(0.05)
    return job


def scan_of(year: int, against: str = "USA") -> dict[str, object]:
    return {"against": against, "first": year, "last": year, "draws": 0, "most": 1, "power": "cinc"}


def test_a_job_ends_with_a_result_and_tells_how_far_it_is() -> None:
    finished: list[Job] = []
    jobs = Jobs(Settings(), finished.append)
    job = jobs.start("scan", "Searching", "/scan", "a", scan_of(2006))
    assert jobs.start("scan", "Searching", "/scan", "a", scan_of(2006)) is job
    wait(job)
    assert job.state == "done", job.reason
    assert job.done == job.total > 0
    time.sleep(0.3)
    assert finished == [job]
    assert job.result.blocs.height > 100


def test_a_wrong_question_fails_with_its_reason() -> None:
    jobs = Jobs(Settings(), lambda job: None)
    job = wait(jobs.start("scan", "Searching", "/scan", "b", scan_of(2006, "Atlantis")))
    assert job.state == "failed"
    assert "Atlantis" in job.reason


def test_a_running_job_and_a_waiting_one_can_be_stopped() -> None:
    jobs = Jobs(Settings(), lambda job: None)
    asked = scan_of(1900) | {"last": 2018, "draws": 1000}
    one = jobs.start("scan", "Long", "/scan", "c", asked)
    two = jobs.start("scan", "Behind", "/scan", "d", scan_of(2006))
    end = time.monotonic() + 60
    while one.state == "waiting" and time.monotonic() < end:
        time.sleep(0.02)
    assert (one.state, two.state) == ("running", "waiting")
    jobs.cancel(two)
    assert two.state == "cancelled"
    begun = time.monotonic()
    jobs.cancel(one)
    wait(one, 20)
    assert one.state == "cancelled"
    assert time.monotonic() - begun < 10


def test_a_job_that_takes_too_long_is_stopped() -> None:
    jobs = Jobs(Settings(job_seconds=0.5), lambda job: None)
    job = wait(jobs.start("scan", "Long", "/scan", "e", scan_of(1900) | {"last": 2018}))
    assert job.state == "failed"
    assert "seconds" in job.reason


def test_a_queue_has_an_end() -> None:
    jobs = Jobs(Settings(jobs=1), lambda job: None)
    first = jobs.start("scan", "Long", "/scan", "f", scan_of(1900) | {"last": 2018, "draws": 1000})
    with pytest.raises(RefusedError) as refused:
        jobs.start("scan", "Other", "/scan", "g", scan_of(2006))
    assert refused.value.status_code == 503
    jobs.close()
    wait(first, 20)


def test_a_search_from_its_form_to_its_result(client: httpx.Client) -> None:
    asked = {"against": "365", "from": "1985", "to": "1985", "draws": "0", "power": "cinc"}
    away = client.post("/scan", data=asked, headers=PAGE)
    assert away.status_code == 303
    where = away.headers["location"]
    end = time.monotonic() + 90
    found = client.get(where.replace("/scan", "/scan.json")).json()
    while not found["parts"] and time.monotonic() < end:
        job = found["job"]
        assert job["state"] in ("waiting", "running", "done")
        assert client.get(f"/jobs/{job['job']}.json").json()["title"] == job["title"]
        time.sleep(0.2)
        found = client.get(where.replace("/scan", "/scan.json")).json()
    assert found["parts"][0]["name"] == "hits"
    assert "bloc-years are hard" in client.get(where, headers=PAGE).text
    csv = client.get(where.replace("/scan", "/scan/part/hits.csv"))
    assert csv.text.startswith("year,against,bloc")


def test_claims_are_settled_in_the_background(client: httpx.Client) -> None:
    end = time.monotonic() + 180
    found = client.get("/claims.json").json()
    while found["job"] is not None and time.monotonic() < end:
        time.sleep(0.3)
        found = client.get("/claims.json").json()
    assert [part["name"] for part in found["parts"]] == ["scores", "ledger"]
    assert "being worked out" not in client.get("/claims", headers=PAGE).text


def test_a_job_of_another_number_is_not_found(client: httpx.Client) -> None:
    assert client.get("/jobs/abc.json").status_code == 404
    assert client.post("/jobs/abc/cancel").status_code == 404
