"""A dashboard that really listens, on a port of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from counterpoise.web.app import create_app
from counterpoise.web.server import configured, listen
from counterpoise.web.settings import Settings


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app(Settings(heavy_burst=100_000))


@pytest.fixture(scope="session")
def server(app: FastAPI) -> Iterator[str]:
    """Address of a running dashboard."""
    held = listen("127.0.0.1", 0)
    running = uvicorn.Server(configured(app))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    running.should_exit = True
    thread.join(20)
    held.close()


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as made:
        yield made
