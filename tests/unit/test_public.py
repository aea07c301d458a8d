"""The public names: each is there, documented, and nothing heavy is imported on the way."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

import counterpoise as cp


@pytest.mark.parametrize("name", cp.__all__)
def test_public_names_exist_and_are_documented(name: str) -> None:
    found = getattr(cp, name)
    assert name == "__version__" or found.__doc__


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute"):
        _ = cp.nonsense


def test_a_function_is_not_hidden_by_the_rooms_it_lives_in() -> None:
    code = (
        "import counterpoise as cp; cp.leader(2006); cp.bloc('SCO', 2006); "
        "assert callable(cp.assess) and callable(cp.track) and callable(cp.case)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_is_light() -> None:
    code = "import sys, counterpoise; print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {"polars", "numpy", "pydantic", "altair", "typer"} & set(
        ast.literal_eval(done.stdout)
    )
