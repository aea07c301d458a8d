"""Tension inside a bloc: known quarrels, weighting, and years outside coverage."""

from __future__ import annotations

import counterpoise as cp
from counterpoise.measures.tension import internal_tension


def test_greece_and_turkey_quarrel_inside_nato() -> None:
    found = cp.assess("NATO", "Russia", 1985).hard.tension
    assert (350, 640) in found.pairs
    assert 0 < found.share < 0.1


def test_weights_are_products_of_power() -> None:
    """Greece and Turkey alone among three: 2·3 of 2·3 + 2·5 + 3·5."""
    found = internal_tension((350, 640, 390), (2.0, 3.0, 5.0), 1985)
    assert found.pairs == ((350, 640),)
    assert abs(found.share - 6 / 31) < 1e-12


def test_outside_coverage_it_is_unknown_and_says_why() -> None:
    found = internal_tension((350, 640), (1.0, 1.0), 2016)
    assert found.share is None
    assert "2014" in found.reason
    assert internal_tension((350, 640), None, 1985).share is None


def test_the_sco_of_2006_quarrels_less_than_nato_of_2006() -> None:
    """The article says otherwise; disputes and rivalries do not bear it out."""
    sco = cp.assess("SCO", "USA", 2006).hard.tension.share
    nato = cp.assess("NATO", "Russia", 2006).hard.tension.share
    assert sco < nato
