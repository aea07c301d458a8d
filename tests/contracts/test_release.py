"""What a release is made of: its papers are in order, and what they name is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from counterpoise import __version__, record
from counterpoise.sources import snapshot

ROOT = Path(__file__).parents[2]

if not (ROOT / "pyproject.toml").is_file():
    pytest.skip("needs the checkout", allow_module_level=True)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_citation_file_has_what_its_format_demands() -> None:
    """Citation File Format 1.2.0: required fields, and the types of those that are used."""
    yaml = pytest.importorskip("yaml")
    cited = yaml.safe_load(text("CITATION.cff"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)
    allowed = {"abstract", "date-released", "doi", "keywords", "license", "type", "url", "version"}
    assert set(cited) <= allowed | {"cff-version", "message", "title", "authors"}
    assert cited["type"] in {"software", "dataset"}
    assert cited["license"] == PROJECT["project"]["license"]
    assert str(cited["version"]) == __version__
    for author in cited["authors"]:
        assert "name" in author or {"family-names", "given-names"} <= set(author)
    assert len(set(cited["keywords"])) == len(cited["keywords"])
    assert all(isinstance(keyword, str) for keyword in cited["keywords"])


def test_every_source_that_ships_has_its_licence_printed() -> None:
    shipped = {key for key in snapshot.names() if snapshot.load(key).embed == "yes"}
    page = text("DATA_LICENSES.md")
    printed = set(re.findall(r"^- key `(\w+)`", page, flags=re.MULTILINE))
    assert printed == shipped == set(record.manifest().sources)
    for key in shipped:
        declared = snapshot.load(key)
        for fact in (declared.title, declared.licence, declared.citation, declared.release):
            assert fact in page


def test_the_licence_ships_with_the_wheel() -> None:
    assert set(PROJECT["project"]["license-files"]) == {"LICENSE", "DATA_LICENSES.md"}
    assert "MIT License" in text("LICENSE")


def test_the_sdist_holds_what_the_suite_reads() -> None:
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    absent = [name for name in included if not (ROOT / name.lstrip("/")).exists()]
    assert not absent
    needed = {"/src", "/tests", "/docs", "/tools", "/requirements", "/Makefile", "/Containerfile"}
    assert needed <= set(included)


@pytest.mark.parametrize("name", ["core.txt", "dev.txt", "serve.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_host(name: str) -> None:
    pinned = text(f"requirements/{name}")
    assert "://" not in pinned
    packages = re.split(r"\n(?=\S)", pinned.strip())
    assert len(packages) > 10
    for package in packages:
        assert re.match(r"[\w.\[\]-]+==\S+", package)
        assert "--hash=sha256:" in package


def test_the_three_pins_agree() -> None:
    of = {
        name: dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", text(f"requirements/{name}"), re.MULTILINE))
        for name in ("core.txt", "dev.txt", "serve.txt")
    }
    for name in ("core.txt", "serve.txt"):
        differing = {k for k, v in of[name].items() if of["dev.txt"].get(k, v) != v}
        assert not differing


def test_the_container_runs_without_rights_and_copies_what_is_there() -> None:
    lines = [line for line in text("Containerfile").splitlines() if not line.startswith("#")]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.split()[1:]
            assert all((ROOT / source).exists() for source in sources), line
        if line.startswith("FROM "):
            assert re.search(r":\d+\.\d+-slim", line)


def test_the_container_has_a_python_that_we_support() -> None:
    supported = SpecifierSet(PROJECT["project"]["requires-python"])
    bases = re.findall(r"^FROM \S+/python:([\d.]+)-slim", text("Containerfile"), re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert bases[0] in supported


def test_the_container_is_stopped_by_a_signal_that_every_command_hears() -> None:
    """A first process ignores SIGTERM unless it asks for it; Python always asks for SIGINT."""
    assert "\nSTOPSIGNAL SIGINT\n" in text("Containerfile")


@pytest.mark.skipif(not (ROOT / ".dockerignore").is_file(), reason="left out of the sdist")
def test_a_build_of_the_container_is_sent_what_it_copies_and_no_more() -> None:
    kept = [line for line in text(".dockerignore").splitlines() if not line.startswith("#")]
    assert kept[0] == "*"
    sent = {line.removeprefix("!") for line in kept if line.startswith("!")}
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Containerfile"), re.MULTILINE)
    assert sent == {source for line in copies for source in line.split()}


def test_the_changes_name_this_release_or_what_comes() -> None:
    heads = re.findall(r"^## (.+)$", text("CHANGELOG.md"), flags=re.MULTILINE)
    assert heads[0] == "Unreleased" or heads[0].startswith(__version__)
