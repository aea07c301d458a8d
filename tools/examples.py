"""Run the examples of a page in order, as a reader would, and fill in what they print.

A page is worked in an empty folder of its own. There

- ``sh`` blocks run line by line: ``counterpoise …`` in this process; ``> FILE`` keeps the output;
- ``python`` blocks run in one namespace, and ``pycon`` blocks must print what they show;
- ``r`` blocks run where R is installed;
- a block after a line that ends in a file's name and a colon (`` `FILE`: ``) is written to it;
- ``<!-- output: counterpoise … -->`` stands before what the command prints. A command that is
  meant to fail ends in ``2>&1``.

``<!-- slow -->`` in the line before a block keeps it for the batch suite, and
``<!-- not run: why -->`` keeps one that needs another machine or somebody's files from running.
``python tools/examples.py [PAGE …]`` runs every page, or those named, and says how long each took;
``--pictures`` runs the gallery and keeps what it draws in docs/pictures.
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise.cli.entry import main as run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FENCE = re.compile(
    r"^```(?P<language>[\w{}-]*)[^\n]*\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
OUTPUT = re.compile(r"<!-- output: (?P<command>.+?) -->\n$")
NAMED = re.compile(r"`(?P<file>[\w.-]+)`:$")
SLOW = "<!-- slow -->"
ELSEWHERE = (
    "make ",
    "pip install ",
    "python3 -m venv ",
    ". .venv/bin/activate",
    "git clone ",
    "cd ",
    "podman ",
    "counterpoise serve",
    "counterpoise --install-completion",
    "counterpoise data build",
    "counterpoise data fetch",
)
"""Lines that cannot run inside an example: `make check-dist` and tests of their own run them."""


class ExampleError(Exception):
    """An example does not do what its page says."""


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, text, what stands before it, and where it stands."""

    language: str
    body: str
    before: str
    start: int
    end: int

    @property
    def is_slow(self) -> bool:
        """Whether it is kept for the batch suite."""
        return SLOW in self.before.strip().splitlines()[-2:]

    @property
    def is_run(self) -> bool:
        """Whether it can run here at all."""
        return not re.search(r"<!-- not run: .+ -->\n$", self.before)

    @property
    def command(self) -> str | None:
        """The command whose output it shows."""
        found = OUTPUT.search(self.before)
        return found["command"] if found else None

    @property
    def file(self) -> str | None:
        """The file that it is written to."""
        found = NAMED.search(self.before.rstrip())
        return found["file"] if found else None


def blocks(text: str) -> Iterator[Block]:
    """Every fenced block of a page, in order."""
    end = 0
    for found in FENCE.finditer(text):
        before = text[end : found.start()]
        yield Block(
            found["language"], found["body"], before, found.start("body"), found.end("body")
        )
        end = found.end()


@dataclass
class Worked:
    """A page at work: its folder and the names that its Python defines."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)

    def do(self, block: Block) -> str:
        """Run one block; give its text, with the output as it is now."""
        if block.command:
            return output(block.command)
        if block.file:
            Path(self.folder, block.file).write_text(block.body, encoding="utf-8")
        elif block.language == "sh":
            for line in lines(block.body):
                shell(line)
        elif block.language == "python":
            with redirect_stdout(io.StringIO()):
                exec(compile(block.body, "<example>", "exec"), self.names)
        elif block.language == "pycon":
            self._session(block.body)
        elif block.language == "r" and shutil.which("Rscript"):
            subprocess.run(["Rscript", "-e", block.body], check=True, capture_output=True)
        return block.body

    def _session(self, body: str) -> None:
        test = doctest.DocTestParser().get_doctest(body, self.names, "example", None, 0)
        # The parser copies the names; a page goes on with what its last block has defined.
        test.globs = self.names
        report = io.StringIO()
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        failed, _ = doctest.DocTestRunner(optionflags=flags).run(
            test, out=report.write, clear_globs=False
        )
        if failed:
            raise ExampleError(report.getvalue())


def lines(body: str) -> list[str]:
    """Commands of a shell block, without comments, lines that go on joined."""
    joined = body.replace("\\\n", " ")
    kept = (line.partition(" #")[0].strip() for line in joined.splitlines())
    return [line for line in kept if line and not line.startswith("#")]


def shell(line: str) -> None:
    """Run one line of a shell block."""
    if line.startswith(ELSEWHERE):
        return
    command, _, target = line.partition(" > ")
    if command.split()[0] != "counterpoise":
        raise ExampleError(f"Only counterpoise runs in an example, not: {line}")
    text = output(command)
    if target:
        Path(target.strip()).write_text(text, encoding="utf-8")


def output(command: str) -> str:
    """What a counterpoise command prints, 140 columns wide, trailing spaces removed."""
    fails = command.endswith(" 2>&1")
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with wide(), redirect_stdout(out), redirect_stderr(err):
        try:
            run(shlex.split(command.removesuffix(" 2>&1"))[1:])
        except SystemExit as stop:
            code = int(stop.code or 0)
    if bool(code) != fails:
        raise ExampleError(f"{command} exited with {code}: {err.getvalue()}")
    text = err.getvalue() if fails else out.getvalue()
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def worked(
    text: str, *, slow: bool = True, quick: bool = True, pictures: Path | None = None
) -> str:
    """Run a page's examples, slow ones, quick ones or both; the page with outputs as they are.

    Pictures that the examples draw are copied to the folder ``pictures``, if one is given.

    Raises
    ------
    ExampleError : one of them fails; the message shows it.
    """
    parts, at = [], 0
    with folder() as name:
        page = Worked(name)
        for block in blocks(text):
            if not block.is_run or not (slow if block.is_slow else quick):
                continue
            try:
                now = page.do(block)
            except Exception as error:
                raise ExampleError(f"{error}\nin the example\n{block.body}") from error
            parts += [text[at : block.start], now]
            at = block.end
        for picture in name.glob("*.png") if pictures else ():
            shutil.copy(picture, pictures)
    return "".join([*parts, text[at:]])


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder to work in, from which the project's files are seen as from its root."""
    with tempfile.TemporaryDirectory() as name, chdir(name):
        for linked in ("src", "docs"):
            Path(name, linked).symlink_to(ROOT / linked)
        yield Path(name)


@contextmanager
def wide() -> Iterator[None]:
    """Help is folded at the width of the terminal; in the documents it is always the same."""
    was = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "100"
    try:
        yield
    finally:
        if was is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = was


def pages() -> list[Path]:
    """Every page with examples: the project's own at the root, and the documentation."""
    root = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
    return [*root, *sorted((ROOT / "docs").rglob("*.md"))]


def main() -> None:
    """Run the pages named, or all; stop with an error if one fails or is stale."""
    if "--pictures" in sys.argv:
        gallery = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
        worked(gallery, pictures=ROOT / "docs" / "pictures")
        return
    failed = []
    for page in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        text, begin = page.read_text(encoding="utf-8"), time.perf_counter()
        try:
            fault = "" if worked(text) == text else "outputs are stale: run make docs"
        except ExampleError as error:
            fault = str(error)
        took = time.perf_counter() - begin
        print(f"{took:6.1f} s  {page.relative_to(ROOT)}  {fault}", flush=True)
        failed += [page] * bool(fault)
    if failed:
        sys.exit(f"{len(failed)} pages failed")


if __name__ == "__main__":
    main()
