"""What protects the server: headers, host names, other sites, sizes, paths, budgets."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.errors import QuestionError
from counterpoise.web.answers import Answers, Store
from counterpoise.web.app import create_app
from counterpoise.web.security import Budget, RefusedError
from counterpoise.web.server import listen
from counterpoise.web.settings import Settings

Result = TypeVar("Result")


def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end in a thread of its own: a browser may have a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
)


@pytest.mark.parametrize(
    "address",
    ["/", "/assess.json", "/static/pages.js", "/static/style.css", "/nowhere", "/assess?year=x"],
)
def test_every_answer_wears_the_headers(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    for name in HEADERS:
        assert name in answer.headers, name
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "server" not in answer.headers


def test_another_host_name_is_refused(client: httpx.Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"host": "localhost:1"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.post("/case-editor", data={"text": "x"}, headers=headers)
    assert answer.status_code == 403


def test_too_much_is_refused_before_it_is_read(client: httpx.Client) -> None:
    answer = client.post("/case-editor", data={"text": "x" * 1_200_000})
    assert answer.status_code == 413


def test_too_much_without_a_length_is_refused(client: httpx.Client) -> None:
    def endless() -> object:
        for _ in range(40):
            yield b"x" * 50_000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    try:
        answer = client.post("/case-editor", content=endless(), headers=headers)
    except (httpx.WriteError, httpx.ReadError):
        return
    assert answer.status_code == 413


def test_a_long_address_is_refused(client: httpx.Client) -> None:
    assert client.get("/assess", params={"bloc": "x" * 5000}).status_code == 414


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/cases/..%2f..%2fx"],
)
def test_no_path_leaves_its_folder(server: str, path: str) -> None:
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: wire.recv(4096), b""))
    assert said.split(b" ")[1] in (b"404", b"422")
    assert b"create_app" not in said


def test_only_the_head_of_a_page(client: httpx.Client) -> None:
    answer = client.head("/")
    assert answer.status_code == 200
    assert answer.content == b""


def test_heavy_work_has_a_budget_and_what_is_kept_is_free() -> None:
    app = create_app(Settings(heavy_burst=2, heavy_per_minute=1))
    parts = ("network", "threat", "network", "resemblance")

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as own:
            asked = "bloc=SCO&against=USA&year=2006"
            return [await own.get(f"/assess/part/{name}.svg?{asked}") for name in parts]

    answers = finished(ask())
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "wait" in answers[-1].json()["error"]


def test_a_budget_fills_with_time_and_is_each_clients_own() -> None:
    now = 0.0
    budget = Budget(2, 60, now=lambda: now)
    assert [budget.take("a") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert budget.take("b") == 0.0
    now = 1.0
    assert budget.take("a") == 0.0
    assert budget.take("a") == pytest.approx(1.0)


@given(st.lists(st.tuples(st.integers(0, 20), st.binary(max_size=40)), max_size=80))
def test_a_store_keeps_within_its_bounds(puts: list[tuple[int, bytes]]) -> None:
    store = Store(5, 100)
    for key, value in puts:
        store.put(key, value)
        assert store.get(key) == value
        assert len(store) <= 5
        assert store.weight <= 100 or len(store) == 1


def test_a_store_forgets_what_was_unused_longest() -> None:
    store = Store(2, 100)
    store.put("a", 1)
    store.put("b", 2)
    store.get("a")
    store.put("c", 3)
    assert store.get("b") is None
    assert store.get("a") == 1


def test_many_readers_of_one_answer_are_one_piece_of_work() -> None:
    made = []

    def make() -> bytes:
        time.sleep(0.2)
        made.append(threading.current_thread().name)
        return b"answer"

    async def ask() -> list[bytes]:
        answers = Answers(Settings())
        found = await asyncio.gather(*(answers.page("key", make) for _ in range(20)))
        assert await answers.page("key", make) == b"answer"
        answers.close()
        return found

    assert finished(ask()) == [b"answer"] * 20
    assert len(made) == 1


def test_a_reader_who_goes_away_does_not_stop_the_work() -> None:
    async def ask() -> bytes:
        answers = Answers(Settings(patience=0.05))
        with pytest.raises(RefusedError) as refused:
            await answers.page("slow", lambda: time.sleep(0.3) or b"late")
        assert refused.value.status_code == 503
        await asyncio.sleep(0.5)
        found = answers.pages.get("slow")
        answers.close()
        return found

    assert finished(ask()) == b"late"


def test_too_many_questions_at_once_are_turned_away() -> None:
    async def ask() -> int:
        answers = Answers(Settings(waiting=1))
        first = asyncio.ensure_future(answers.page(1, lambda: time.sleep(0.2) or b"1"))
        await asyncio.sleep(0.05)
        with pytest.raises(RefusedError) as refused:
            await answers.page(2, lambda: b"2")
        await first
        answers.close()
        return refused.value.status_code

    assert finished(ask()) == 503


def test_an_error_is_told_to_everyone_and_not_kept() -> None:
    async def ask() -> None:
        answers = Answers(Settings())

        def fail() -> bytes:
            raise QuestionError("no")

        for _ in range(2):
            with pytest.raises(QuestionError):
                await answers.page("key", fail)
        assert answers.pages.get("key") is None
        answers.close()

    finished(ask())


def test_an_address_that_cannot_be_listened_on_is_told() -> None:
    with listen("127.0.0.1", 0) as held, pytest.raises(QuestionError, match="--port"):
        listen("127.0.0.1", held.getsockname()[1])
    with pytest.raises(QuestionError, match="--host"):
        listen("no.such.host.invalid", 0)


def test_loopback_is_the_default() -> None:
    assert Settings().host == "127.0.0.1"
    assert Settings(host="0.0.0.0").hosts is None
