"""Blocs side by side: the same figures as alone, distances that are distances, wrong questions."""

from __future__ import annotations

import json

import pytest

from counterpoise.assessment.comparison import compare
from counterpoise.assessment.verdict import assess
from counterpoise.cli.entry import main
from counterpoise.errors import CounterpoiseError, QuestionError

THREE = (["SCO", "Warsaw Pact", "NATO"], ["USA", "USA", "RUS"], [2006, 1985, 1985])


def test_each_bloc_has_the_figures_that_it_has_alone() -> None:
    found = compare(*THREE).to_dict()
    alone = [assess(*question) for question in zip(*THREE, strict=True)]
    for test in found["tests"]:
        assert test["values"] == [verdict.check(test["name"]).value for verdict in alone]
    assert [asked["observed"] for asked in found["blocs"]] == ["diplomacy", "hard", "hard"]


def test_distances_are_those_of_a_metric_space() -> None:
    there, back = compare(*THREE).apart, compare(*(given[::-1] for given in THREE)).apart
    apart = {frozenset((a.one, a.other)): a.distance for a in there}
    assert apart == {frozenset((a.one, a.other)): pytest.approx(a.distance) for a in back}
    for pair in there:
        assert 0 <= pair.distance <= 1
        mean = sum(pair.strands.values()) / len(pair.strands)
        assert pair.distance == pytest.approx(mean)
    assert compare(["SCO", "SCO"], ["USA"], [2006]).apart[0].distance == 0


def test_binding_sets_the_sco_and_the_warsaw_pact_apart() -> None:
    (pair,) = compare(["SCO", "Warsaw Pact"], ["USA"], [2006, 1985]).apart
    assert max(pair.strands, key=pair.strands.__getitem__) == "binding"


def test_the_command_answers_in_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["compare", "SCO", "CSTO", "--against", "USA", "--year", "2006"]
    with pytest.raises(SystemExit, match="0"):
        main([*ask, "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert [asked["name"] for asked in answer["blocs"]] == ["SCO 2006", "CSTO 2006"]
    assert answer["citations"]
    with pytest.raises(SystemExit, match="0"):
        main(ask)
    assert f"{answer['distances'][0]['distance']:.3f}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("blocs", "against", "years"),
    [
        (["SCO"], ["USA"], [2006]),
        (["SCO", "CSTO", "NATO"], ["USA"], [2006, 2007]),
        (["SCO", "CSTO"], ["USA", "RUS", "CHN"], [2006]),
    ],
)
def test_questions_that_do_not_match_are_refused(blocs, against, years) -> None:
    with pytest.raises(QuestionError):
        compare(blocs, against, years)


def test_a_bloc_that_was_not_there_is_said_so() -> None:
    with pytest.raises(CounterpoiseError, match="ended in 1991"):
        compare(["SCO", "Warsaw Pact"], ["USA"], [2006])
