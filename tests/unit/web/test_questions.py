"""Addresses: what they may say, and that a copied link asks the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.datastructures import QueryParams

from counterpoise.measures.rules import STANDARD
from counterpoise.web.questions import CUTS, Asked, Compared, Scanned

names = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=30).filter(
    lambda t: t.strip() and not t.strip().casefold().endswith(".csv")
)
questions = st.builds(
    dict,
    bloc=names,
    against=names,
    year=st.integers(1816, 2100),
    power=st.sampled_from(["cinc", "milex", "gdp", "net"]),
    extend=st.booleans(),
    rivalries=st.booleans(),
    window=st.none() | st.integers(1, 50),
    **{name: st.none() | st.floats(0.01, 0.99) for name, _ in CUTS},
)


@given(questions)
def test_a_copied_link_asks_the_same(fields: dict[str, object]) -> None:
    asked = Asked.model_validate(fields)
    again = Asked.model_validate(dict(QueryParams(asked.query())))
    assert again.rules() == asked.rules()
    assert (again.bloc, again.against, again.year) == (asked.bloc, asked.against, asked.year)
    assert (again.power, again.extend) == (asked.power, asked.extend)
    assert again.query() == asked.query()


def test_the_standard_question_has_the_standard_rules() -> None:
    asked = Asked.model_validate({})
    assert asked.rules() == STANDARD
    assert asked.query() == "bloc=SCO&against=USA&year=2006"


def test_every_cut_reaches_the_rules() -> None:
    for name, _ in CUTS:
        assert getattr(Asked.model_validate({name: "0.37"}).rules(), name) == 0.37
    rules = Asked.model_validate({"window": "7", "rivalries": "false"}).rules()
    assert (rules.hostility.window, rules.hostility.rivalries) == (7, False)


@pytest.mark.parametrize("text", ["x.csv", " X.CSV ", "../a.csv", "a\nb", "\x00", " ", "a" * 401])
def test_names_that_no_bloc_has(text: str) -> None:
    with pytest.raises(ValidationError):
        Asked.model_validate({"bloc": text})
    with pytest.raises(ValidationError):
        Compared.model_validate({"bloc": [text]})
    with pytest.raises(ValidationError):
        Scanned.model_validate({"against": text})


def test_compared_lists_have_one_length_and_a_bound() -> None:
    asked = Compared.model_validate({})
    assert len(asked.questions()) == 3
    assert Compared.model_validate({"bloc": ["a"] * 4, "against": ["b"] * 4, "year": [2000] * 4})
    with pytest.raises(ValidationError):
        Compared.model_validate({"bloc": ["a"] * 5, "against": ["b"] * 5, "year": [2000] * 5})
