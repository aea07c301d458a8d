"""The threat from one state to another: Walt's four components, and ways to combine them.

Walt (1987) names aggregate power, proximity, offensive capability and intentions. Each stays
visible; how they combine is a choice, and several choices stand side by side in
``COMBINATIONS``. The threat to survival is our own reading of them, made to be checked against
conquests; its cut is a reading aid, not an estimate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

HALF_REACH_KM = 500.0
"""Scale of distance: power reaches (1 + d/500)⁻² of itself at d km."""

SHELTERED_BY_WEAPONS, SHELTERED_BY_DEMOCRACY = 0.05, 0.3
"""What is left of the threat against a nuclear power, and between two democracies."""

SURVIVAL_CUT = 0.25
"""Reading aid for the threat to survival; docs/explanation/threat.md shows why no more."""

MILES_PER_DAY = ((1918, 250.0), (1945, 375.0), (math.inf, 500.0))
"""How far power travels in a day, up to each year (Bueno de Mesquita 1981)."""

KM_PER_MILE = 1.609344


@dataclass(frozen=True)
class Components:
    """What is known of the threat from states (rows or one) to states, element by element.

    All arrays broadcast to one shape. NaN is unknown.

    Parameters
    ----------
    power, own_power : aggregate power, shares of the world's of the threatening and the
        threatened state, in [0, 1].
    distance_km, capital_km, forward_km : proximity. Between borders; between capitals; from the
        nearest of the first state's own borders and the states in which its forces are listed.
    offence, equipment : offensive capability, shares of the world's in [0, 1]. Of military
        spending; of offensive weapons by number.
    rival : intentions. 1 where the two are strategic rivals, else 0.
    disputes : disputes of hostility 3 or more between the two in ten years.
    victims : other states that the first occupied or went to war with in five years.
    nuclear : 1 where the threatened state has nuclear weapons, else 0.
    both_democracies : 1 where both are democracies, else 0.
    miles_per_day : how far power travels in a day, one number for all.
    """

    power: Array
    own_power: Array
    distance_km: Array
    capital_km: Array
    forward_km: Array
    offence: Array
    equipment: Array
    rival: Array
    disputes: Array
    victims: Array
    nuclear: Array
    both_democracies: Array
    miles_per_day: float = 500.0


def miles_per_day(year: int) -> float:
    """Miles that power travels in a day: 250 to 1918, 375 to 1945, 500 since."""
    return next(miles for last, miles in MILES_PER_DAY if year <= last)


def reach(distance_km: Array) -> Array:
    """Part of a state's power that arrives at a distance: (1 + d/500)⁻², in (0, 1].

    A loss of strength with distance (Boulding 1962), with our own exponent and scale.
    """
    lost: Array = (1 + distance_km / HALF_REACH_KM) ** -2
    return lost


def capability(found: Components) -> Array:
    """Share of arriving power: w_T λ / (w_T λ + w_i), in [0, 1]."""
    return _share(found.power * reach(found.distance_km), found.own_power)


def _share(one: Array, two: Array) -> Array:
    """Part of the first in both; unknown where both are zero."""
    total = one + two
    part: Array = np.divide(one, total, out=np.full(np.shape(total), np.nan), where=total > 0)
    return part


def intent(found: Components) -> Array:
    """Hostile intent in [0, 1]: rivalry, disputes with the state, and the first's other victims.

    1 − (1 − .5 rival)(1 − .6(1 − e^{−m/2}))(1 − .7(1 − e^{−v/1.5})). A state taken by surprise
    has no disputes with its attacker: what others suffered stands in for them.
    """
    spared = 1 - 0.5 * found.rival
    spared = spared * (1 - 0.6 * (1 - np.exp(-found.disputes / 2)))
    hostile: Array = 1 - spared * (1 - 0.7 * (1 - np.exp(-found.victims / 1.5)))
    return hostile


def shelter(nuclear: Array, both_democracies: Array) -> Array:
    """What is left of the threat: .05 against nuclear weapons, .3 between democracies, else 1."""
    left = 1 - (1 - SHELTERED_BY_WEAPONS) * nuclear
    both: Array = left * (1 - (1 - SHELTERED_BY_DEMOCRACY) * both_democracies)
    return both


def survival(found: Components) -> Array:
    """Threat to a state's survival, in [0, 1]: capability² × intent × shelter.

    Ours; docs/explanation/threat.md shows what it catches and why no cut can be estimated.
    """
    sheltered = shelter(found.nuclear, found.both_democracies)
    threat: Array = capability(found) ** 2 * intent(found) * sheltered
    return threat


def survival_forward(found: Components) -> Array:
    """The threat to survival with distance counted from the first state's forces abroad as well."""
    return survival(replace(found, distance_km=found.forward_km))


def balance_of_power(found: Components) -> Array:
    """Aggregate power alone: the threatening state's share of world power, in [0, 1]."""
    return found.power


def capability_ratio(found: Components) -> Array:
    """The pair's balance of power, w_T / (w_T + w_i), in [0, 1].

    The usual measure of relative capability in studies of pairs of states, on the Composite Index
    of National Capability (Singer, Bremer & Stuckey 1972; Bremer 1992).
    """
    return _share(found.power, found.own_power)


def discounted_ratio(found: Components) -> Array:
    """Chance of winning with power discounted by distance, in [0, 1] (Bueno de Mesquita 1981).

    w_T is raised to the power log10(miles / miles per day + 10 − e) and set over itself plus w_i.
    The exponent is 1 at e days of travel, and below 1 nearer by. Miles are between capitals, and 0
    where borders touch; the original measures from capital to the nearest point of the other state.
    """
    km = np.where(found.distance_km == 0, 0.0, found.capital_km + 0 * found.distance_km)
    exponent = np.log10(km / KM_PER_MILE / found.miles_per_day + 10 - math.e)
    return _share(found.power**exponent, found.own_power)


def loss_of_strength(found: Components) -> Array:
    """Log ratio of arriving power to the threatened state's own: ln(w_T λ / w_i); any real number.

    Boulding's (1962) loss of strength with distance, with our ``reach``.
    """
    arriving = found.power * reach(found.distance_km)
    known = (arriving > 0) & (found.own_power > 0)
    ratio = np.divide(arriving, found.own_power, out=np.full(np.shape(known), np.nan), where=known)
    logged: Array = np.log(ratio)
    return logged


def geometric(found: Components) -> Array:
    """Geometric mean of the four components, each in [0, 1]; zero where one is absent."""
    product = found.power * reach(found.distance_km) * found.offence * intent(found)
    mean: Array = product**0.25
    return mean


def additive(found: Components) -> Array:
    """Mean of the four components, each in [0, 1]: any may make up for another."""
    total = found.power + reach(found.distance_km) + found.offence + intent(found)
    mean: Array = total / 4
    return mean


COMBINATIONS: dict[str, Callable[[Components], Array]] = {
    "survival": survival,
    "survival_forward": survival_forward,
    "balance_of_power": balance_of_power,
    "capability_ratio": capability_ratio,
    "discounted_ratio": discounted_ratio,
    "loss_of_strength": loss_of_strength,
    "geometric": geometric,
    "additive": additive,
}
"""Ways to combine the four components, by name."""
