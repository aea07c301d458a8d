"""What answers rest on, where they are kept, and which choices there are."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace

import pytest

from counterpoise import files
from counterpoise.assessment.explanations import cache
from counterpoise.assessment.explanations.curve import specifications
from counterpoise.assessment.explanations.question import ask
from counterpoise.assessment.explanations.specification import CHOICES, STANDARD, Specification
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTERPOISE_CACHE", str(tmp_path / "deep" / "cache"))
    return tmp_path / "deep" / "cache"


def test_an_answer_is_found_again_by_its_inputs_alone(kept):
    name = cache.key({"target": 2, "draws": 5})
    assert cache.find(name) is None
    cache.keep(name, {"value": [1, None]})
    assert cache.find(name) == {"value": [1, None]}
    assert cache.find(cache.key({"target": 2, "draws": 6})) is None
    assert [p.suffix for p in kept.iterdir()] == [".json"]


def test_the_key_changes_with_version_code_and_data(monkeypatch):
    asked = {"target": 2}
    names = {cache.key(asked)}
    monkeypatch.setattr(cache, "__version__", "another")
    names.add(cache.key(asked))
    monkeypatch.setattr(cache, "_code", lambda: "another")
    names.add(cache.key(asked))
    monkeypatch.setattr(cache, "_data", lambda: "another")
    names.add(cache.key(asked))
    assert len(names) == 4


def test_a_damaged_answer_is_not_used(kept):
    name = cache.key({})
    kept.mkdir(parents=True)
    for text in ("{", "[1]"):
        (kept / f"explain-{name}.json").write_text(text)
        assert cache.find(name) is None


def test_a_cache_that_cannot_be_written_is_left_alone(tmp_path, monkeypatch):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("COUNTERPOISE_CACHE", str(blocker / "under"))
    cache.keep("x", {"a": 1})
    assert cache.find("x") is None


def test_the_folder_is_the_users(monkeypatch, tmp_path):
    monkeypatch.delenv("COUNTERPOISE_CACHE")
    monkeypatch.setattr(files.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert files.cache_folder() == tmp_path / "counterpoise"
    monkeypatch.setattr(files.sys, "platform", "darwin")
    assert files.cache_folder().parts[-2:] == ("Caches", "counterpoise")


def test_the_choices_in_use_are_the_first_of_each():
    assert asdict(STANDARD) == {name: values[0] for name, values in CHOICES.items()}
    assert [f.name for f in fields(Specification)] == list(CHOICES)
    assert STANDARD.differing() == {}
    assert replace(STANDARD, missing="complete").differing() == {"missing": "complete"}


def test_an_unknown_choice_is_refused():
    with pytest.raises(QuestionError, match=r"missing is \"guess\".*silent"):
        replace(STANDARD, missing="guess")


def test_a_curve_begins_with_each_departure_alone_and_never_repeats():
    single = sum(len(values) - 1 for values in CHOICES.values())
    found = specifications(single + 20)
    assert found[0] == STANDARD
    assert all(len(s.differing()) == 1 for s in found[1 : single + 1])
    assert len(set(found)) == len(found)
    assert specifications(3) == found[:3]
    assert specifications(single + 20) == found
    with pytest.raises(QuestionError, match="at least one"):
        specifications(0)


def test_questions_outside_the_record_or_about_no_power_are_refused():
    with pytest.raises(CoverageError, match="1821 to 2018"):
        ask("USA", 1991, 2022, STANDARD)
    with pytest.raises(QuestionError, match="after the last"):
        ask("USA", 2000, 1999, STANDARD)
    with pytest.raises(QuestionError, match="Brazil was not a major power in 1991"):
        ask("Brazil", 1991, 2018, STANDARD)
    with pytest.raises(QuestionError, match="leader under any metric"):
        ask("France", 1991, 2018, replace(STANDARD, targets="leaders"))
    with pytest.raises(UnknownNameError):
        ask("Atlantis", 1991, 2018, STANDARD)


def test_a_question_that_begins_inside_a_window_asks_for_its_part():
    import numpy as np

    question = ask("USA", 1992, 2017, STANDARD)
    part = question.part(np.array([1991, 1996, 2016]), 5)
    assert part == pytest.approx([4 / 5, 1, 2 / 3])


def test_what_is_kept_is_json_without_infinities(kept):
    with pytest.raises(ValueError, match="not JSON compliant"):
        cache.keep("x", {"value": float("inf")})
    assert json.loads(json.dumps({"a": None})) == {"a": None}
