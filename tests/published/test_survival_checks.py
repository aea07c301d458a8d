"""The threat to survival on known pairs and blocs, to the printed digit.

The figures were computed on the same sources from the definition, before this code was written.
They settle three readings that the definition leaves open: who counts as a democracy, which
victims count, and whose nuclear weapons shelter a member.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from counterpoise import blocs
from counterpoise.measures import threat_facts
from counterpoise.measures.survival import survival, survival_share
from counterpoise.measures.threats import threats

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


PAIRS, SHARES = rows("survival_checks.csv"), rows("survival_shares.csv")


def computed(row: dict[str, str]) -> float:
    (found,) = survival(int(row["threatener"]), [int(row["state"])], int(row["year"]))
    assert found.survival is not None
    return round(found.survival, 2)


def share(row: dict[str, str], **options: Any) -> float:
    members = blocs.bloc(row["bloc"], int(row["year"])).members
    found = survival_share(members, int(row["threatener"]), int(row["year"]), **options)
    assert found.share is not None
    return round(found.share, 2)


@pytest.mark.parametrize(
    "row", PAIRS, ids=[f"{r['threatener']}-{r['state']}-{r['year']}" for r in PAIRS]
)
def test_survival(row: dict[str, str]) -> None:
    assert computed(row) == float(row["survival"])


@pytest.mark.parametrize("row", SHARES, ids=[f"{r['bloc']}-{r['year']}" for r in SHARES])
def test_survival_share(row: dict[str, str]) -> None:
    assert share(row) == float(row["survival_share"])


@pytest.fixture
def fresh() -> Any:
    """No table of the threat is remembered before or after a test that changes a reading."""
    caches = (threats, threat_facts._victims, threat_facts._democracies)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


def test_a_members_own_weapons_count_and_nobody_elses() -> None:
    sco = SHARES[2]
    assert share(sco, protection="none") == 0.2, "Russia without its weapons is above the cut"
    assert share(SHARES[1], protection="pacts") == 0.0, "an umbrella over NATO hides the threat"


def test_victims_that_left_the_system_do_not_count(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = threat_facts.victims
    ever = range(1, 991)
    monkeypatch.setattr(threat_facts, "victims", lambda y, p, alive: every(y, p, list(ever)))
    assert share(SHARES[0]) == 0.73, "with Germany and Japan among the USSR's victims of 1945"


def test_seizures_of_ships_do_not_count(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threat_facts, "VICTIM_ACTIONS", (14, 16, 20, 21))
    assert computed(PAIRS[0]) == 0.67, "with Germany's shots at ships off Spain"


def test_democracy_is_electoral(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threat_facts, "DEMOCRATIC", 0.3)
    assert computed(PAIRS[4]) != 0.02, "with Russia of 2005 a democracy"
