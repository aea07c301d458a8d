"""Balance of published signed networks.

``gahuku_gama.csv`` lists the ties among sixteen groups of the Eastern Highlands of New Guinea
(Read 1954), each tribe's friends and enemies of higher number. Its indices are printed in the
documentation of the R package signnet, to seven digits; the line index is 7 of 58 ties.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from counterpoise.models.balance import SignedGraph, balance, line_index

HERE = Path(__file__).parent
TRUTH = Path(os.environ.get("COUNTERPOISE_TRUTH", HERE.parents[2] / "shared" / "truth"))


def graph(ties: list[tuple[str, str, int]]) -> SignedGraph:
    nodes = tuple(sorted({name for a, b, _ in ties for name in (a, b)}))
    place = {name: k for k, name in enumerate(nodes)}
    first, second, signs = zip(*((place[a], place[b], s) for a, b, s in ties), strict=True)
    return SignedGraph(nodes, np.array(first), np.array(second), np.array(signs, dtype=float))


def tribes() -> SignedGraph:
    with (HERE / "gahuku_gama.csv").open(encoding="utf-8") as stream:
        return graph(
            [
                (row["tribe"], other, sign)
                for row in csv.DictReader(stream)
                for column, sign in (("friends_after", 1), ("enemies_after", -1))
                for other in row[column].split()
            ]
        )


def test_gahuku_gama() -> None:
    found = balance(tribes())
    assert (found.nodes, found.ties, found.enemies) == (16, 58, 29)
    assert found.line_index == len(found.frustrated) == 7
    assert found.is_proved
    assert found.line == pytest.approx(0.7586207, abs=5e-8)
    assert found.triangles == pytest.approx(0.8676471, abs=5e-8)
    assert found.walks == pytest.approx(0.3575761, abs=5e-8)


@pytest.mark.sources
def test_networks_of_states_are_proved() -> None:
    """Fifty-one windows of Doreian & Mrvar (2015); eleven line indices derived elsewhere."""
    folder = TRUTH / "balance"
    if not folder.is_dir():
        pytest.skip("no folder of published figures (COUNTERPOISE_TRUTH, or ../shared/truth)")
    windows: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    with (folder / "cow_signed_windows_edges.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            windows[row["window"]].append((row["a"], row["b"], int(row["sign"])))
    found = {window: line_index(graph(ties)) for window, ties in windows.items()}
    assert len(found) == 51
    assert all(proof.is_proved for proof in found.values())
    with (folder / "frustration_expected.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            assert found[row["window"]].weight == float(row["L"]), row["window"]
