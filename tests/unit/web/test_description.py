"""Bad input of every parameter of every address, drawn from the dashboard's own description."""

from __future__ import annotations

import os
import warnings

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import Case
    from schemathesis.checks import CheckFunction, not_a_server_error
    from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from counterpoise.web.app import create_app
from counterpoise.web.settings import Settings

EXAMPLES = int(os.environ.get("COUNTERPOISE_EXAMPLES", "3"))
"""Drawn requests per address; a long run asks for more, and for every boundary as well."""

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
]
SPEC = create_app(Settings()).openapi()
described = schemathesis.openapi.from_dict(SPEC)
described.config.phases.coverage.enabled = EXAMPLES > 10
STARTS_WORK = ("/scan", "POST")
"""Starting a search is tested by itself: drawn ones would run for hours."""


@described.exclude(path=STARTS_WORK[0], method=STARTS_WORK[1]).parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
def test_no_request_is_a_fault_of_ours(case: Case, server: str) -> None:
    answer = case.call(base_url=server, timeout=60)
    case.validate_response(answer, checks=CHECKS)


def test_every_page_is_described(app: FastAPI) -> None:
    paths = set(app.openapi()["paths"])
    for name in ("", "assess", "compare", "leaders", "claims", "scan", "data", "cases", "api"):
        assert f"/{name}" in paths
        assert (f"/{name}.json" if name else "/index.json") in paths


NAMES = ["bloc", "against", "year", "power", "extend", "bound_share", "window", "rivalries"]


@given(
    name=st.sampled_from(NAMES),
    value=st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
    | st.sampled_from(["-1", "1e400", "NaN", "0x10", "٣", "1816.0", "../..", "%00", "{{7*7}}"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_value_of_a_parameter_is_answered(client: httpx.Client, name: str, value: str) -> None:
    answer = client.get("/assess.json", params={name: value})
    assert answer.status_code in (200, 404, 422), answer.text
    assert "49" not in answer.text or "{{7*7}}" not in value or answer.status_code != 200


@pytest.mark.parametrize("year", ["1816", "1914", "2018", "2024", "2100"])
@pytest.mark.parametrize("extend", ["true", "false"])
@pytest.mark.parametrize("bloc", ["SCO", "NATO", "RUS,CHN", "atop:4810", "Triple Entente", "GCC"])
def test_every_year_is_answered(client: httpx.Client, bloc: str, year: str, extend: str) -> None:
    asked = {"bloc": bloc, "against": "USA", "year": year, "extend": extend}
    assert client.get("/assess.json", params=asked).status_code in (200, 404)
    for part in ("strands", "timeline", "map", "network", "threat", "resemblance", "multiverse"):
        answer = client.get(f"/assess/part/{part}.json", params=asked)
        assert answer.status_code in (200, 404), f"{part}: {answer.text[:300]}"
