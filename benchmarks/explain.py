"""Rival explanations: the whole test, and its fits beside scikit-learn, statsmodels and slow sums.

Run: python -m benchmarks explain
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from benchmarks.case import Case
from sklearn.linear_model import LogisticRegression

from counterpoise.assessment.explanations import STANDARD, cache, explain, threads
from counterpoise.assessment.explanations.filling import fill
from counterpoise.assessment.explanations.predictors import predictors
from counterpoise.assessment.explanations.units import units
from counterpoise.models.dyadic_robust import dyadic_covariance
from counterpoise.models.rare_logit import ridge_logit

SLOW = 2500
"""Units that the sum over all pairs can take."""


def cases() -> Iterator[Case]:
    yield Case(
        "explain, one specification",
        "20,870 units, 34 spells, 10 explanations; nothing kept",
        lambda: explain("USA", 1991, 2018, use_cache=False),
        target_s=180,
    )
    yield Case("explain, kept", "the same from the cache", kept())
    x, y, offset, states, targets = columns()
    yield Case(
        "penalised logit",
        f"{len(y):,} units, {x.shape[1]} columns",
        lambda: ours(x, y, 1.0),
        "scikit-learn",
        lambda: theirs(x, y),
        near,
    )
    yield Case(
        "logit with offset",
        f"{len(y):,} units, {x.shape[1]} columns",
        lambda: ours(x, y, 0.0, offset),
        "statsmodels",
        lambda: sm.GLM(y, sm.add_constant(x), sm.families.Binomial(), offset=offset).fit().params,
        near,
    )
    fit = ridge_logit(x, y, 1.0, offset)
    some = np.random.default_rng(0).choice(len(y), SLOW, replace=False)
    scores = np.abs(fit.scores[some])
    yield Case(
        "dyadic covariance",
        f"{SLOW:,} units",
        lambda: (
            dyadic_covariance(
                fit.bread, scores, states[some], targets[some], correct=False
            ).covariance
        ),
        "sum over all pairs",
        lambda: slow(fit.bread, scores, states[some], targets[some]),
        near,
    )


def kept() -> Callable[[], object]:
    """The answer once more, from a cache that holds it."""
    folder = tempfile.mkdtemp()
    cache.folder = lambda: Path(folder)
    explain("USA", 1991, 2018)
    return lambda: explain("USA", 1991, 2018).is_kept


def columns() -> tuple[np.ndarray, ...]:
    found = units(STANDARD)
    known = found.known
    x = fill(predictors(found, STANDARD).values, known, "silent", np.random.default_rng(0))
    parts = (x.versions[0], found.event, found.offset, found.state, found.target)
    return tuple(part[known] for part in parts)


def ours(x: np.ndarray, y: np.ndarray, penalty: float, offset: object = None) -> np.ndarray:
    with threads.single():
        return ridge_logit(x, y, penalty, offset).coefficients


def theirs(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    fit = LogisticRegression(C=1.0, tol=1e-8, max_iter=2000).fit(x, y)
    return np.r_[fit.intercept_, fit.coef_[0]]


def slow(bread: np.ndarray, scores: np.ndarray, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    shared = (
        (one[:, None] == one)
        | (one[:, None] == two)
        | (two[:, None] == one)
        | (two[:, None] == two)
    )
    meat = scores.T @ shared.astype(float) @ scores
    values, vectors = np.linalg.eigh(meat)
    return bread @ (vectors * np.maximum(values, 0)) @ vectors.T @ bread


def near(one: object, two: object) -> bool:
    return bool(np.allclose(np.asarray(one), np.asarray(two), rtol=1e-3, atol=1e-3))
