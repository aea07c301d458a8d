"""Write the screenshots of docs/pictures: ``python tools/generate_screenshots.py``.

Needs a Chromium browser; COUNTERPOISE_CHROMIUM names one that is not found by itself.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import uvicorn
from playwright.sync_api import sync_playwright

import counterpoise as cp
from counterpoise.report.pdf import browser
from counterpoise.report.writing import write_report
from counterpoise.web.app import create_app
from counterpoise.web.server import configured, listen

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
QUESTION = "/assess?bloc=SCO&against=USA&year=2006"


class Shot(NamedTuple):
    """One screenshot: file, address, window, colours, and what is scrolled to the top."""

    name: str
    address: str
    width: int
    height: int
    scheme: str = "light"
    at: str | None = None


SHOTS = (
    Shot("dashboard-home", "/", 1100, 720),
    Shot("dashboard-assess", QUESTION, 1280, 800),
    Shot("dashboard-narrow", QUESTION, 360, 720, at="#answer"),
    Shot("dashboard-dark", QUESTION, 960, 720, "dark", at="#part-map"),
    Shot("dashboard-compare", "/compare", 1100, 900, at=".columns"),
    Shot("dashboard-leaders", "/leaders", 1000, 720, at="#part-leaders"),
)


@contextmanager
def served() -> Iterator[str]:
    """A running dashboard."""
    held = listen("127.0.0.1", 0)
    running = uvicorn.Server(configured(create_app()))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    running.should_exit = True
    thread.join(20)
    held.close()


def take(chromium: Any, base: str, shot: Shot) -> None:
    """Open a page, wait until what is seen is drawn, and keep the picture."""
    context = chromium.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme
    )
    page = context.new_page()
    page.goto(base + shot.address)
    page.wait_for_load_state("networkidle")
    if shot.at:
        for _ in range(3):
            page.eval_on_selector(shot.at, "e => e.scrollIntoView({ block: 'start' })")
            page.wait_for_timeout(2500)
    page.wait_for_timeout(1500)
    page.screenshot(path=str(PICTURES / f"{shot.name}.png"))
    context.close()


def main() -> None:
    """Take every screenshot."""
    program = browser()
    if program is None:
        sys.exit("No Chromium browser: install one, or name it in COUNTERPOISE_CHROMIUM.")
    with sync_playwright() as playwright, served() as base, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        for shot in SHOTS:
            take(chromium, base, shot)
        report = Path(folder, "report.html")
        write_report(cp.assess("SCO", against="USA", year=2006), report)
        take(chromium, report.as_uri(), Shot("report", "", 1000, 900))
        chromium.close()


if __name__ == "__main__":
    main()
