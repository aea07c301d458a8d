"""Whole numbers in place of decimals, so that sums and comparisons of them are exact.

Enumeration adds and subtracts the same weights millions of times and asks whether two sums are
equal. In floating point the answer would depend on the order of the additions, and so on the
number of workers; in whole numbers below 2^53 it does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Whole:
    """Whole numbers proportional to given amounts.

    ``values`` are floats that hold whole numbers; ``scale`` is what the amounts were multiplied
    by; ``is_exact`` is False where the amounts had too many digits and were rounded to the grid
    1 / ``scale``.
    """

    values: Array
    scale: Fraction
    is_exact: bool

    def amount(self, value: float) -> float:
        """The amount that a whole number stands for."""
        return float(Fraction(int(value)) / self.scale)


def decimal(value: float) -> Fraction:
    """The decimal number that a float prints as: 0.1 is one tenth, not its binary neighbour."""
    return Fraction(repr(float(value)))


def whole(amounts: Sequence[Fraction], largest: int) -> Whole:
    """Scale amounts to whole numbers whose absolute sum is at most ``largest``.

    Exact where a common denominator allows, otherwise rounded to a power of two as fine as the
    limit permits. ``largest`` must leave room for one half per amount of rounding.

    Parameters
    ----------
    amounts : fractions, as from ``decimal``.
    largest : at most 2^53.
    """
    total = sum(map(abs, amounts), Fraction(0))
    scale = math.lcm(*(a.denominator for a in amounts)) if amounts else 1
    divisor = math.gcd(*(int(a * scale) for a in amounts)) or 1
    if total * scale / divisor <= largest:
        values = [int(a * scale) // divisor for a in amounts]
        return Whole(np.array(values, dtype=float), Fraction(scale, divisor), is_exact=True)
    room = (largest - len(amounts)) / total
    finest = Fraction(2) ** (room.numerator.bit_length() - room.denominator.bit_length() - 1)
    values = [round(a * finest) for a in amounts]
    return Whole(np.array(values, dtype=float), finest, is_exact=False)
