"""Imports go downward only; the order is the house's, read from the files themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "counterpoise"
LAYERS = [
    {"version", "errors", "files"},
    {"schema"},
    {"record"},
    {"workers"},
    {"shelves"},
    {"states"},
    {"blocs"},
    {"panel"},
    {"measures", "models", "cases"},
    {"assessment"},
    {"figures"},
    {"report"},
    {"cli", "web"},
]
HEIGHT = {name: level for level, names in enumerate(LAYERS) for name in names}
FILES = [p for p in sorted(SRC.rglob("*.py")) if "sources" not in p.parts]
AT_HOME = {
    "altair": {"figures"},
    "vl_convert": {"figures"},
    "fastapi": {"web"},
    "typer": {"cli"},
    "requests": {"sources"},
    "pooch": {"sources"},
    "distributed": {"workers"},
    "joblib": {"workers"},
    "urllib": {"sources"},
}
"""Libraries that stay in one room."""


def room(path: Path) -> str:
    part = path.relative_to(SRC).parts[0]
    return part.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every name that a file imports, also inside its functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_imports_go_downward(path: Path) -> None:
    here = room(path)
    if here in {"__init__", "__main__"}:
        return
    rooms = {n.split(".")[1] for n in imported(path) if n.startswith("counterpoise.")} & set(HEIGHT)
    upward = {r for r in rooms - {here} if HEIGHT[r] > HEIGHT[here]}
    assert here in HEIGHT, f"{here} has no layer"
    assert not upward, f"{path.name} imports upward: {upward}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_libraries_stay_in_their_room(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    astray = {lib for lib in roots & set(AT_HOME) if room(path) not in AT_HOME[lib]}
    assert not astray


def test_models_never_see_the_record() -> None:
    for path in (SRC / "models").glob("*.py"):
        assert not {n for n in imported(path) if n.startswith("counterpoise.record")}, path.name


def test_nothing_at_run_time_imports_the_build() -> None:
    for path in FILES:
        if room(path) != "cli":
            names = imported(path)
            assert not {n for n in names if n.startswith("counterpoise.sources")}, path.name


def test_files_are_short_and_bodies_shorter() -> None:
    long = []
    for path in sorted(SRC.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 500:
            long.append(f"{path.name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and node.body[1:] else node.body[0]
                if (node.end_lineno or 0) - first.lineno >= 60:
                    long.append(f"{path.name}:{node.lineno} {node.name}")
    assert not long
