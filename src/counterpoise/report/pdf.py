"""A report as PDF, printed by a Chromium browser where one is present."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from counterpoise.errors import DataError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
"""Commands that a browser is looked for under, after the one named by COUNTERPOISE_CHROMIUM."""

SECONDS = 120
QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
)


def browser() -> str | None:
    """Path of a Chromium browser on this machine, or None."""
    named = os.environ.get("COUNTERPOISE_CHROMIUM")
    found = (shutil.which(name) for name in ((named,) if named else BROWSERS))
    return next((path for path in found if path), None)


def pdf(page: str) -> bytes:
    """Print one HTML page.

    Raises
    ------
    DataError : there is no browser, or it fails to print.
    """
    program = browser()
    if program is None:
        raise DataError(
            "A PDF is printed by a Chromium browser, and none was found. Install one, name it in "
            "COUNTERPOISE_CHROMIUM, or write --html and print that."
        )
    with tempfile.TemporaryDirectory(prefix="counterpoise-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(page, encoding="utf-8")
        _print(program, source, target, Path(folder, "profile"))
        return target.read_bytes()


def _print(program: str, source: Path, target: Path, profile: Path) -> None:
    arguments = [program, *QUIET, f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        # The browser refuses its own sandbox to the superuser; the page is ours, without a script.
        arguments.append("--no-sandbox")
    try:
        done = subprocess.run(  # noqa: S603
            [*arguments, source.as_uri()], capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"The browser {program} did not print: {error}") from None
    if not target.is_file():
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise DataError(f"The browser {program} did not print: {said[0]}")
