"""What is public is typed and told about; files do not import each other in a circle."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

import counterpoise as cp

PACKAGE = Path(cp.__file__).parent


def calls() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Public functions, and public methods and properties of public classes."""
    for name in cp.__all__:
        thing = getattr(cp, name)
        if inspect.isfunction(thing):
            yield name, thing
        for inner, member in vars(thing).items() if inspect.isclass(thing) else ():
            if isinstance(member, property):
                member = member.fget
            elif isinstance(member, functools.cached_property):
                member = member.func
            member = getattr(member, "__func__", member)
            if not inner.startswith("_") and inspect.isfunction(member):
                yield f"{name}.{inner}", member


CALLS = dict(calls())


@pytest.mark.parametrize("name", CALLS)
def test_public_calls_are_typed_and_documented(name: str) -> None:
    signature = inspect.signature(CALLS[name])
    given = [p for p in signature.parameters.values() if p.name != "self"]
    assert not [p.name for p in given if p.annotation is p.empty]
    assert signature.return_annotation is not signature.empty
    assert inspect.getdoc(CALLS[name])


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


def module(path: Path) -> str:
    parts = ("counterpoise", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


MODULES = {module(path): path for path in PACKAGE.rglob("*.py")}


def imported_at_once(path: Path) -> set[str]:
    """Modules of the package that a file needs before it is whole, not those inside functions."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & set(MODULES)) or ({node.module} & set(MODULES))
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & set(MODULES)
    return found - {module(path)}


def test_no_file_waits_for_itself() -> None:
    graph = {name: imported_at_once(path) for name, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports run in a circle: {' → '.join(error.args[1])}")
