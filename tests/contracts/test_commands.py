"""What every command is: its example can be asked, it answers in JSON, the shell completes it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from counterpoise.cli.entry import app
from counterpoise.errors import DataError

ACTS = {("serve",), ("data", "build")}
"""Commands that do something and answer nothing."""


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


EVERY = list(commands(typer.main.get_command(app)))
every = pytest.mark.parametrize(
    ("path", "command"), EVERY, ids=lambda given: " ".join(given) if type(given) is tuple else ""
)


@every
def test_its_example_can_be_asked(path: tuple[str, ...], command: Any) -> None:
    """The words of the example are read as the command's own, without asking it."""
    _, _, example = command.epilog.partition("Example: ")
    words = shlex.split(example)
    assert words[: len(path) + 1] == ["counterpoise", *path]
    with command.make_context(path[-1], words[len(path) + 1 :]) as context:
        assert all(
            context.params.get(parameter.name) is not None
            for parameter in command.params
            if parameter.required
        )


@every
def test_it_answers_in_json(path: tuple[str, ...], command: Any) -> None:
    has = any("--json" in parameter.opts for parameter in command.params)
    assert has == (path not in ACTS)


@every
def test_each_of_its_options_is_explained(path: tuple[str, ...], command: Any) -> None:
    silent = [parameter.name for parameter in command.params if not parameter.help]
    assert not silent


@pytest.mark.parametrize(
    ("words", "among"),
    [
        ("counterpoise ass", {"assess"}),
        ("counterpoise data ", {"status", "export", "sql", "cite", "build", "fetch"}),
        ("counterpoise assess SCO --ag", {"--against"}),
    ],
)
def test_the_shell_completes_commands_and_options(words: str, among: set[str]) -> None:
    asked = words.split(" ")
    asked_of_bash = {
        "_COUNTERPOISE_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(asked) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from counterpoise.cli import main; main()"],
        env=os.environ | asked_of_bash,
        capture_output=True,
        text=True,
        check=False,
    )
    assert among <= set(done.stdout.split()), done.stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom counterpoise.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(*{m.partition('.')[0] for m in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "polars", "scipy", "numba", "pydantic", "pandas", "altair", "rich", "fastapi"}
    assert not heavy & set(done.stderr.split())


WRITTEN = [
    (path, option)
    for path, command in EVERY
    for option in command.params
    if option.name in ("out", "html", "md", "pdf") and path != ("data", "build")
]


@pytest.mark.parametrize(("path", "option"), WRITTEN, ids=lambda x: str(getattr(x, "name", x)))
def test_a_file_that_cannot_be_written_is_refused_before_any_work(
    path: tuple[str, ...], option: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (suffix,) = re.findall(r"[:,] (\.\w+)", option.help)[:1]
    context = typer.Context(typer.main.get_command(app))
    (tmp_path / f"folder{suffix}").mkdir()

    def given(name: str) -> object:
        return option.process_value(context, str(tmp_path / name))

    assert given(f"a{suffix}") == tmp_path / f"a{suffix}"
    for name, why in (
        (f"absent/a{suffix}", "there is no folder"),
        ("a.exe", "not .exe"),
        (f"folder{suffix}", "is a folder"),
    ):
        with pytest.raises(DataError, match=why):
            given(name)
    monkeypatch.setattr("counterpoise.files.os.access", lambda folder, mode: False)
    with pytest.raises(DataError, match="may not write"):
        given(f"a{suffix}")
