"""A browser, a running dashboard, and a page that minds what goes wrong in it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from counterpoise.report.pdf import browser as program
from counterpoise.web.app import create_app
from counterpoise.web.server import configured, listen
from counterpoise.web.settings import Settings

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
]
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PATIENCE = 60_000
"""Milliseconds to wait for what a busy machine may take long over."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """The browser; the tests are skipped without one, unless one is required.

    Its event loop runs in this thread until it is closed, so it does not outlive the package.
    """
    found = program()
    if found is None:
        said = (
            "no Chromium browser on this machine: install one, or name it in COUNTERPOISE_CHROMIUM"
        )
        if os.environ.get("COUNTERPOISE_REQUIRE_BROWSER") == "1":
            pytest.fail(said)
        pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a running dashboard."""
    held = listen("127.0.0.1", 0)
    running = uvicorn.Server(configured(create_app(Settings(heavy_burst=10_000))))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    running.should_exit = True
    thread.join(20)
    held.close()


@dataclass
class Visit:
    """A page in a context of its own, with all that went wrong in it."""

    page: Any
    context: Any
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def go(self, address: str) -> Any:
        return self.page.goto(address, timeout=PATIENCE)

    def drawn(self, least: int = 1) -> None:
        """Scroll through the page until every part is there and every chart is drawn."""
        self.page.wait_for_load_state("load")
        for _ in range(60):
            self.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            left = self.page.evaluate(SETTLED)
            if left == 0 and self.page.locator(".chart[data-drawn]").count() >= least:
                return
            self.page.evaluate(NEXT)
            self.page.wait_for_timeout(500)
        raise AssertionError(f"{left} parts or charts are not there: {self.faults}")

    def violations(self) -> list[str]:
        """What axe finds serious or critical."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("async () => (await axe.run(document)).violations")
        return [
            f"{v['id']}: {v['help']} at {[n['target'] for n in v['nodes']][:4]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return wide


SETTLED = "document.querySelectorAll('.later, .chart[data-watched]:not([data-drawn])').length"
NEXT = """() => {
  const next = document.querySelector('.later, .chart[data-watched]:not([data-drawn])');
  if (next) next.scrollIntoView({ block: 'center' });
}"""

Opens = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Any) -> Iterator[Opens]:
    """Open pages: width, colour scheme, and whether scripts run may be chosen."""
    made: list[Visit] = []

    def opens(width: int = 1280, scheme: str = "light", *, scripts: bool = True) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        found = Visit(page, context)
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("pageerror", lambda error: found.faults.append(str(error)))
        page.on("console", lambda said: _mind(found, said))
        made.append(found)
        return found

    yield opens
    for found in made:
        found.context.close()


def _mind(found: Visit, said: Any) -> None:
    """Errors on the console; a page that answers 404 or 422 on purpose is none."""
    if said.type == "error" and "the server responded with a status of 4" not in said.text:
        found.faults.append(said.text)
