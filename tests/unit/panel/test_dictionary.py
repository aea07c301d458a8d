"""The reference page is what its generator makes of the dictionary as it stands."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from counterpoise import schema
from counterpoise.panel import ADDS

TOOL = Path(__file__).parents[3] / "tools" / "generate_dictionary.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    if not TOOL.is_file():
        pytest.skip("needs the checkout, with its tools and documentation")
    found = importlib.util.spec_from_file_location("generate_dictionary", TOOL)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_page_is_fresh(tool: ModuleType) -> None:
    assert tool.PAGE.read_text(encoding="utf-8") == tool.text()


def test_every_table_column_and_set_is_on_it(tool: ModuleType) -> None:
    page = tool.text()
    for name in schema.tables():
        assert f"\n### {name}\n" in page
    for add in ADDS.values():
        assert f"### Set `{add.name}`" in page
        for kind in ("state_years", "dyad_years"):
            if kind in add.serves() and not (kind == "dyad_years" and add.by_side):
                assert all(f"| `{name}` |" in page for name in add.columns(kind))
