"""The documents say what the program does: examples run, references are read from the code."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import counterpoise as cp

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
LANGUAGES = {"", "sh", "text", "python", "pycon", "r", "toml", "{toctree}", "{include}"}

if not TOOLS.is_dir():
    pytest.skip("needs the checkout, with its tools and documentation", allow_module_level=True)

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def tool(name: str) -> ModuleType:
    if str(TOOLS) not in sys.path:
        sys.path.append(str(TOOLS))
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def read_from_code() -> dict[Path, str]:
    return tool("generate_docs").read_from_code()


def without_release(text: str) -> str:
    """A page without identifiers of the record, which every build of it renews."""
    return re.sub(r"\b[0-9a-f]{12}\b", "RELEASE", text)


@pages
def test_quick_examples_do_what_the_page_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    now = tool("examples").worked(text, slow=False)
    assert without_release(now) == without_release(text), "run make docs"


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed")
def test_examples_in_r_run() -> None:
    found = [page for page in PAGES if "\n```r\n" in page.read_text(encoding="utf-8")]
    assert found
    for page in found:
        tool("examples").worked(page.read_text(encoding="utf-8"), slow=False)


@pages
def test_every_example_is_seen(page: Path) -> None:
    """A fence that is indented or of another language would not be run."""
    text = page.read_text(encoding="utf-8")
    fences = re.findall(r"^( *)```(\S*)", text, flags=re.MULTILINE)
    assert len(fences) == 2 * len(list(tool("examples").blocks(text)))
    assert not [indent for indent, _ in fences if indent]
    assert {language for _, language in fences} <= LANGUAGES


def test_an_example_that_fails_is_noticed() -> None:
    examples = tool("examples")
    wrong = (
        "```pycon\n>>> 1 + 1\n3\n```\n",
        "```python\nassert False\n```\n",
        "```sh\ncounterpoise leader --year 1700\n```\n",
        "```sh\nrm -r everything\n```\n",
        "<!-- output: counterpoise leader --year 2006 2>&1 -->\n```text\n```\n",
    )
    for text in wrong:
        with pytest.raises(examples.ExampleError):
            examples.worked(text)
    stale = "<!-- output: counterpoise data cite nmc -->\n```text\nold\n```\n<!-- end -->\n"
    assert examples.worked(stale) != stale


REFERENCE = ("DATA_LICENSES.md", "api.md", "cli.md", "json.md", "parts.md")


@pytest.mark.parametrize("name", REFERENCE)
def test_the_reference_is_fresh(name: str, read_from_code: dict[Path, str]) -> None:
    (page,) = (path for path in read_from_code if path.name == name)
    stale = page.read_text(encoding="utf-8") != read_from_code[page]
    assert not stale, "run python tools/generate_docs.py --reference"


def test_the_reference_lists_exactly_the_public_names() -> None:
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^### `(\w+)`$", text, flags=re.MULTILINE)) == sorted(cp.__all__)


REFERENCES = tool("generate_reference")
QUICK = sorted(set(REFERENCES.SAMPLES) - {*REFERENCES.LONG, *REFERENCES.ELSEWHERE})


@pytest.mark.parametrize("verb", QUICK)
def test_the_keys_of_an_answer_are_described(verb: str) -> None:
    assert REFERENCES.undescribed(verb) == (set(), set())


def test_every_verb_that_answers_in_json_is_described() -> None:
    described = list(REFERENCES.key_rows())
    assert described == list(REFERENCES.SAMPLES)
    assert set(REFERENCES.answering()) == {verb.partition(" --")[0] for verb in described}


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run([*command, str(ROOT / "docs"), str(tmp_path / "site")], check=False)
    assert done.returncode == 0
    assert (tmp_path / "site" / "index.html").is_file()
    for page in (tmp_path / "site").rglob("*.html"):
        fetched = re.findall(
            r'<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)"', page.read_text()
        )
        assert not fetched, f"{page.name} fetches {fetched}"
