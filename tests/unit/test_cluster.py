"""On a real Dask scheduler with worker processes: the same digits, and one killed at work."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from counterpoise import workers
from counterpoise.assessment.explanations import STANDARD, effects
from counterpoise.assessment.explanations.contest import World, contest
from counterpoise.assessment.explanations.ensemble import PIECE, Ensemble
from counterpoise.assessment.explanations.question import ask as explanation
from counterpoise.assessment.placebo import placebo
from counterpoise.assessment.question import ask
from counterpoise.assessment.scan import scan
from counterpoise.errors import DataError


class Cluster:
    """A Dask scheduler and worker processes of one thread each, on this machine."""

    def __init__(self, folder: Path, count: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.environment = os.environ | {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "5",
        }
        self.folder = folder
        self.processes = [
            self._start("scheduler", "--port", str(port), "--host", "127.0.0.1", "--no-dashboard")
        ]
        self.workers = [self.add() for _ in range(count)]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        with (self.folder / "dask.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)

    def add(self) -> subprocess.Popen[bytes]:
        found = self._start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.folder), "--memory-limit", "0",
        )  # fmt: skip
        self.processes.append(found)
        return found

    def wait(self, count: int) -> None:
        from distributed import Client

        with Client(self.address, timeout="20s", set_as_default=False) as client:
            if count:
                client.wait_for_workers(count, timeout=30)

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    found = Cluster(tmp_path_factory.mktemp("dask"), 3)
    try:
        found.wait(3)
        yield found
    finally:
        found.close()


def test_a_cluster_loses_a_worker_and_nothing_else(cluster: Cluster, tmp_path: Path) -> None:
    def work(number: int) -> float:
        time.sleep(0.15)
        with (tmp_path / "log").open("a") as log:
            log.write(f"{number}\n")
        return number / 3

    seen: list[tuple[int, float]] = []
    with workers.using(scheduler=cluster.address):
        for number, result in workers.unordered(work, range(40)):
            seen.append((number, result))
            if len(seen) == 6:
                cluster.workers[0].kill()
    assert sorted(seen) == [(k, k / 3) for k in range(40)]
    assert {int(line) for line in (tmp_path / "log").read_text().split()} == set(range(40))
    cluster.workers[0] = cluster.add()
    cluster.wait(3)


def test_jobs_that_carry_large_arrays_go_without_a_warning(cluster: Cluster) -> None:
    large = np.ones(2_000_000)
    with workers.using(scheduler=cluster.address):
        assert workers.each(lambda k: float(large.sum()) + k, range(3)) == [2e6, 2e6 + 1, 2e6 + 2]


def test_a_cluster_gives_the_same_digits(cluster: Cluster, tmp_path: Path) -> None:
    question = ask("SCO", "USA", 2006)

    def everything() -> list[object]:
        drawn = placebo(question, 1500)
        found = scan("Germany", 1900, draws=200, most=200)
        return [
            {name: drawn.values[name].tobytes() for name in drawn.values},
            drawn.codes.tobytes(),
            found.blocs.rows(),
            found.years.rows(),
        ]

    alone = everything()
    with workers.using(scheduler=cluster.address):
        assert everything() == alone


def test_an_explanation_has_the_same_draws_on_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    world = World.of(explanation("USA", 1991, 2018, STANDARD), STANDARD)
    name = world.theories[0]
    refit = effects.Refit.of(world.problem(name), world.ground)

    def everything(folder: Path | None = None) -> object:
        runner = contest(world, (name,), lambda stage, finished, total: None)[name]
        ensemble = Ensemble(PIECE + 5, {"answer": "test"}, folder)
        drawn = effects.drawn(refit, runner.likelihood, [{0: 0.0}], ensemble, name)
        return runner.out.tobytes(), drawn

    alone = everything()
    with workers.using(scheduler=cluster.address):
        assert everything(tmp_path) == alone
    assert len(list(tmp_path.glob("draws-*/piece-*"))) == 2


def test_a_scheduler_without_workers_and_one_that_is_gone(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    empty = Cluster(tmp_path, 0)
    try:
        empty.wait(0)
        expected = pytest.raises(DataError, match="has no workers")
        with expected, workers.using(scheduler=empty.address):
            pass
    finally:
        empty.close()


def test_workers_of_another_release_are_refused(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "__version__", "0.0.0-elsewhere")
    expected = pytest.raises(DataError, match="do not hold what is here")
    with expected, workers.using(scheduler=cluster.address):
        pass
