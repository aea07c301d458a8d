"""What states did about a target, by the stated rule, on cases that are not in dispute."""

from __future__ import annotations

import pytest

from counterpoise import states
from counterpoise.errors import CoverageError
from counterpoise.measures.game_choices import choices
from counterpoise.models.balancing_game import BALANCE, BANDWAGON, HIDE, NEUTRAL

USA, CUBA, CANADA, UK, FRANCE, POLAND, GERMANY, AUSTRIA, RUSSIA, IRELAND, CHINA, INDIA = (
    2, 40, 20, 200, 220, 290, 255, 300, 365, 205, 710, 750,
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "target", "year", "action"),
    [
        (USA, RUSSIA, 1985, BALANCE),
        (CANADA, RUSSIA, 1985, BALANCE),
        (POLAND, RUSSIA, 1985, BANDWAGON),
        (POLAND, USA, 1985, BALANCE),
        (CANADA, USA, 1985, BANDWAGON),
        (FRANCE, GERMANY, 1913, BALANCE),
        (RUSSIA, GERMANY, 1913, BALANCE),
        (AUSTRIA, GERMANY, 1913, BANDWAGON),
        (FRANCE, GERMANY, 1938, BALANCE),
        (RUSSIA, CHINA, 2006, HIDE),
        (IRELAND, RUSSIA, 1950, NEUTRAL),
        (INDIA, USA, 2006, NEUTRAL),
    ],
)
def test_known_choices(state: int, target: int, year: int, action: int) -> None:
    found = choices([state], target, year)[state]
    assert found.action == action, found


def test_every_state_has_one_choice_and_a_reason() -> None:
    codes = [c for c in states.system(1960) if c != USA]
    found = choices(codes, USA, 1960)
    assert set(found) == set(codes)
    assert all(choice.because for choice in found.values())


def test_arming_alone_is_marked() -> None:
    # Mexico arms against the United States of 1913 without a pact.
    found = choices([70], USA, 1913)[70]
    assert found.action == BALANCE
    assert not found.is_by_pact


def test_beyond_the_pacts() -> None:
    with pytest.raises(CoverageError, match="2018"):
        choices([CHINA], USA, 2019)
    assert choices([CANADA], USA, 2019, extend=True)[CANADA].action == BANDWAGON
