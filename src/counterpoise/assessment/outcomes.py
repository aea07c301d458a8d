"""Answers under every specification of a grid: shares, and which choice turns them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.multiverse_grid import Factor, Value


@dataclass(frozen=True)
class Flip:
    """What one change of one choice does, all else equal.

    ``share`` is the part of pairs of specifications, alike in all but this choice, whose answers
    differ; ``alone`` is the answer where the default specification makes this change only.
    """

    factor: str
    from_option: Value
    to_option: Value
    share: float
    alone: str

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "factor": self.factor,
            "from": self.from_option,
            "to": self.to_option,
            "share": self.share,
            "alone": self.alone,
        }


@dataclass(frozen=True, eq=False)
class Outcomes:
    """One answer per specification: a full factorial, one axis per factor.

    ``codes`` are places in ``labels``; ``default`` is the specification of the question as asked,
    one place per factor.
    """

    factors: tuple[Factor, ...]
    codes: NDArray[np.int8]
    labels: tuple[str, ...]
    default: tuple[int, ...]

    @property
    def specifications(self) -> int:
        """Number of specifications."""
        return int(self.codes.size)

    @property
    def answer(self) -> str:
        """The answer of the default specification."""
        return self.labels[int(self.codes[self.default])]

    @property
    def agreeing(self) -> float:
        """Share of specifications, in [0, 1], with the answer of the default one."""
        return float((self.codes == self.codes[self.default]).mean())

    @property
    def shares(self) -> dict[str, float]:
        """Share of specifications by answer; every label is listed."""
        counted = np.bincount(self.codes.ravel(), minlength=len(self.labels))
        return {
            label: float(count / self.codes.size)
            for label, count in zip(self.labels, counted, strict=True)
        }

    @property
    def flips(self) -> tuple[Flip, ...]:
        """Every change of one choice away from the default that turns some answer, most first."""
        found = [
            self._flip(k, to) for k, f in enumerate(self.factors) for to in range(len(f.values))
        ]
        turning = [flip for flip in found if flip.share > 0]
        return tuple(sorted(turning, key=lambda flip: -flip.share))

    def _flip(self, axis: int, to: int) -> Flip:
        factor, start = self.factors[axis], self.default[axis]
        before, after = self.codes.take(start, axis), self.codes.take(to, axis)
        place = (*self.default[:axis], to, *self.default[axis + 1 :])
        return Flip(
            factor.name,
            factor.values[start],
            factor.values[to],
            float((before != after).mean()),
            self.labels[int(self.codes[place])],
        )

    @property
    def turning(self) -> dict[str, float]:
        """By factor, share of pairs alike in all other choices whose answers differ."""
        return {f.name: self._turning(axis) for axis, f in enumerate(self.factors)}

    def _turning(self, axis: int) -> float:
        ranked = np.moveaxis(self.codes, axis, 0).reshape(self.codes.shape[axis], -1)
        pairs = [(ranked[i] != ranked[j]).mean() for i in range(len(ranked)) for j in range(i)]
        return float(np.mean(pairs)) if pairs else 0.0

    def frame(self) -> pl.DataFrame:
        """One row per specification: a column per factor, ``answer`` and ``is_default``."""
        columns: dict[str, pl.Series] = {}
        for axis, factor in enumerate(self.factors):
            shape = [1] * self.codes.ndim
            shape[axis] = -1
            places = np.arange(self.codes.shape[axis]).reshape(shape)
            places = np.broadcast_to(places, self.codes.shape).ravel()
            columns[factor.name] = pl.Series(list(factor.values))[places]
        is_default = np.zeros(self.codes.shape, dtype=bool)
        is_default[self.default] = True
        labels = pl.Series(list(self.labels))[self.codes.ravel().astype(np.int64)]
        return pl.DataFrame(
            columns | {"answer": labels, "is_default": pl.Series(is_default.ravel())}
        )
