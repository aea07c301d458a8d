"""Work of many like jobs, shared out: in this process, in processes of this machine, on a cluster.

One place decides who works. A caller opens ``using(workers, scheduler)``; whatever runs inside it
shares out its jobs by ``each`` or ``unordered``. A job depends on nothing but its arguments and
runs with one thread of linear algebra, so the answer is the same to the last digit for any number
of workers and either backend. Jobs whose worker died are done again; what came is never done twice.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from counterpoise.errors import DataError, MissingExtraError, QuestionError
from counterpoise.version import __version__

J = TypeVar("J")
R = TypeVar("R")

TRIES = 3
"""Rounds in which jobs are done again after a worker died, where a round brought nothing new."""

SCHEMES = ("tcp://", "tls://")
PATIENCE = "10s"
"""How long a scheduler may take to answer."""
LARGEST_JOB = "1 GiB"
"""Dask warns of a larger one; jobs carry the arrays that they need, some ten megabytes."""


@dataclass(frozen=True)
class Crew:
    """Who works: ``count`` processes of this machine, or the workers of a Dask cluster."""

    count: int = 1
    client: Any = None

    @property
    def is_alone(self) -> bool:
        """Is the work done in this process?"""
        return self.count == 1 and self.client is None


ALONE = Crew()
_CREW: ContextVar[Crew] = ContextVar("crew", default=ALONE)


def crew() -> Crew:
    """Who works now."""
    return _CREW.get()


@contextmanager
def using(workers: int | None = None, scheduler: str | None = None) -> Iterator[Crew]:
    """Choose who works for as long as the block lasts; without an argument nothing changes.

    Parameters
    ----------
    workers : processes of this machine; 1 works in this one, -1 uses every core.
    scheduler : address of a running Dask scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    QuestionError : both are given, no such number, or the address is no scheduler's.
    DataError : nothing answers there, it has no workers, or they run another release.
    MissingExtraError : joblib or distributed is not installed.
    """
    if workers is None and scheduler is None:
        yield crew()
        return
    if workers is not None and (workers == 0 or workers < -1):
        raise QuestionError(f"{workers} workers: give 1 or more, or -1 for every core.")
    if scheduler is not None and workers not in (None, 1):
        raise QuestionError("Give either workers of this machine or the scheduler of a cluster.")
    with ExitStack() as open_:
        client = open_.enter_context(_connected(scheduler)) if scheduler is not None else None
        token = _CREW.set(Crew(workers or 1, client))
        open_.callback(_CREW.reset, token)
        yield crew()


def each(
    work: Callable[[J], R],
    jobs: Sequence[J],
    tell: Callable[[int, int], None] = lambda finished, total: None,
) -> list[R]:
    """Results of all jobs, in their order.

    Parameters
    ----------
    work : a function of one job; it may be a closure, and must not keep anything.
    tell : called with the number of jobs finished and in all.
    """
    found: dict[int, R] = {}
    for number, result in unordered(work, jobs):
        found[number] = result
        tell(len(found), len(jobs))
    return [found[k] for k in range(len(jobs))]


def unordered(work: Callable[[J], R], jobs: Sequence[J]) -> Iterator[tuple[int, R]]:
    """Number and result of each job once, as they come.

    Raises
    ------
    DataError : jobs could not be done because their workers kept dying.
    MissingExtraError : several workers, and joblib is not installed.
    """
    here = crew()
    if here.is_alone or (len(jobs) < 2 and here.client is None):
        with single_thread():
            for number, job in enumerate(jobs):
                yield number, work(job)
        return
    left, failures = dict(enumerate(jobs)), 0
    while left:
        before = len(left)
        try:
            for number, result in _shared_out(work, list(left.items()), here):
                if number in left:  # else a dying worker had told it already
                    del left[number]
                    yield number, result
        except _deaths(here) as error:
            failures = failures + 1 if len(left) == before else 1
            if failures >= TRIES:
                raise DataError(
                    f"{len(left)} parts could not be done: their workers died. Fewer workers "
                    f"need less memory. ({type(error).__name__}: {str(error)[:200]})"
                ) from None


def _shared_out(
    work: Callable[[J], R], jobs: list[tuple[int, J]], here: Crew
) -> Iterator[tuple[int, R]]:
    joblib = _joblib()
    waiting = (joblib.delayed(_numbered)((work, number, job)) for number, job in jobs)
    if here.client is None:
        backend, options, count = "loky", {}, here.count
    else:
        backend, options, count = "dask", {"client": here.client}, -1
    with joblib.parallel_config(backend=backend, **options):
        yield from joblib.Parallel(n_jobs=count, return_as="generator_unordered")(waiting)


def _numbered(given: tuple[Callable[[J], R], int, J]) -> tuple[int, R]:
    """One job, in whatever process. Its parts come as a tuple so that Dask sends them along.

    What Dask scatters by itself lies on one worker, and is lost with it.
    """
    work, number, job = given
    with single_thread():
        return number, work(job)


def single_thread() -> AbstractContextManager[Any]:
    """Keep the linear algebra of this process to one thread, where that can be set.

    Sums taken by several threads differ in their last digits, and threads of several processes
    wait for each other.
    """
    try:
        # The library has no types; it comes with scikit-learn.
        limits = importlib.import_module("threadpoolctl").threadpool_limits
    except ImportError:
        return nullcontext()
    found: AbstractContextManager[Any] = limits(1)
    return found


def _joblib() -> Any:
    try:
        import joblib
    except ImportError:
        raise MissingExtraError("joblib", "models", "Work with several workers") from None
    return joblib


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of a scheduler whose workers run this release."""
    if not address.startswith(SCHEMES):
        raise QuestionError(
            f'"{address}" is no scheduler: write its address, such as tcp://10.0.0.5:8786.'
        )
    _joblib()
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise MissingExtraError("distributed", "cluster", "Work on a Dask cluster") from None
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DataError(f"No Dask scheduler answers at {address} ({error}).") from None
    dask: Any = importlib.import_module("dask")
    try:
        _require_like(client, address)
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGEST_JOB}):
            yield client
    finally:
        client.close()


def _require_like(client: Any, address: str) -> None:
    """Every worker must hold this release and this record, or answers would differ."""
    found = client.run(identity)
    if not found:
        raise DataError(f"The scheduler at {address} has no workers.")
    own = identity()
    strange = {worker: theirs for worker, theirs in found.items() if theirs != own}
    if strange:
        listed = "; ".join(f"{worker} has {theirs}" for worker, theirs in sorted(strange.items()))
        raise DataError(f"Workers do not hold what is here, {own}: {listed}.")


def identity() -> str:
    """Release and record of this process, in words."""
    from counterpoise import record

    return f"counterpoise {__version__} with record {record.manifest().record}"


def _deaths(here: Crew) -> tuple[type[BaseException], ...]:
    """Errors that mean that a worker is gone."""
    if here.client is None:
        from joblib.externals.loky.process_executor import BrokenProcessPool

        return (BrokenProcessPool,)
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    return (KilledWorker, CommClosedError)


def pieces(total: int, size: int) -> list[range]:
    """Numbers below ``total`` in runs of ``size``: they do not depend on who works."""
    return [range(k * size, min((k + 1) * size, total)) for k in range(math.ceil(total / size))]
