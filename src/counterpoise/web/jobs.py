"""Background jobs: one runs at a time in a process of its own, others wait; any can be stopped."""

from __future__ import annotations

import multiprocessing
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from counterpoise.web import work
from counterpoise.web.security import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from counterpoise.web.settings import Settings

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED = ("done", "failed", "cancelled")
REST = 30.0
"""Seconds after its start before a job that came to nothing is begun again unasked."""

KEPT = 64
"""Ended jobs that are remembered."""


@dataclass
class Job:
    """One piece of work: what it is, how far it is, and what came of it.

    ``number`` is drawn at random: whoever has it may see and stop the job. ``back`` is the
    address of the page that shows the result.
    """

    number: str
    kind: str
    title: str
    back: str
    key: Hashable
    asked: dict[str, Any]
    state: State = "waiting"
    done: int = 0
    total: int = 0
    reason: str = ""
    result: Any = None
    begun: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def has_ended(self) -> bool:
        """Is nothing left to do?"""
        return self.state in ENDED

    @property
    def may_be_repeated(self) -> bool:
        """Has it ended without a result, and some time ago?"""
        return self.state in ("failed", "cancelled") and time.monotonic() - self.begun > REST

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a page or a script."""
        return {
            "job": self.number,
            "title": self.title,
            "state": self.state,
            "done": self.done,
            "total": self.total or None,
            "reason": self.reason or None,
            "back": self.back,
        }


class Jobs:
    """Starts, follows and stops jobs; the same question asked twice is one job.

    Parameters
    ----------
    finished : called with a job that is done, in the thread that followed it.
    """

    def __init__(self, settings: Settings, finished: Callable[[Job], None]) -> None:
        self.settings = settings
        self.finished = finished
        self._held: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Semaphore(1)

    def get(self, number: str) -> Job | None:
        """A job by its number."""
        return self._held.get(number)

    def under_way(self, key: Hashable) -> Job | None:
        """The job that works on a question, or worked on it last; None without one."""
        return next((job for job in reversed(self._held.values()) if job.key == key), None)

    def start(self, kind: str, title: str, back: str, key: Hashable, asked: dict[str, Any]) -> Job:
        """Begin a job, or return the one that already works on the same question.

        Raises
        ------
        RefusedError : too many jobs wait.
        """
        with self._lock:
            job = self.under_way(key)
            if job is not None and not job.has_ended:
                return job
            waiting = sum(not other.has_ended for other in self._held.values())
            if waiting >= self.settings.jobs:
                raise RefusedError(503, f"{waiting} jobs wait already; ask again later.")
            job = Job(secrets.token_urlsafe(12), kind, title, back, key, asked)
            self._held[job.number] = job
            self._forget()
        threading.Thread(target=self._follow, args=(job,), name=f"job-{kind}", daemon=True).start()
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job; one that has ended stays as it is."""
        job.stop.set()
        with self._lock:
            if job.state == "waiting":
                job.state = "cancelled"

    def close(self) -> None:
        """Stop everything."""
        for job in list(self._held.values()):
            self.cancel(job)

    def _forget(self) -> None:
        ended = [number for number, job in self._held.items() if job.has_ended]
        for number in ended[: max(0, len(ended) - KEPT)]:
            del self._held[number]

    def _follow(self, job: Job) -> None:
        with self._turn:
            with self._lock:
                if job.has_ended:
                    return
                job.state, job.begun = "running", time.monotonic()
            self._work(job)

    def _work(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work.run, args=(job.kind, job.asked, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            self._listen(job, ours, process)
        finally:
            if process.is_alive():
                process.terminate()
            process.join(10)
            ours.close()
        if job.state == "done":
            self.finished(job)

    def _listen(self, job: Job, pipe: Connection, process: SpawnProcess) -> None:
        """Take in what the process sends until it ends, is stopped, or takes too long."""
        while not job.has_ended:
            if job.stop.is_set():
                job.state = "cancelled"
            elif time.monotonic() - job.begun > self.settings.job_seconds:
                job.state, job.reason = "failed", f"over {self.settings.job_seconds:.0f} seconds"
            elif pipe.poll(0.1):
                self._hear(job, pipe)
            elif not process.is_alive() and not pipe.poll(0):
                job.state, job.reason = "failed", "its process died"

    def _hear(self, job: Job, pipe: Connection) -> None:
        try:
            what, said = pipe.recv()
        except EOFError:
            job.state, job.reason = "failed", "its process ended without a result"
            return
        if what == "progress":
            job.done, job.total = said
        elif what == "result":
            job.result, job.state = said, "done"
        else:
            job.reason, job.state = said, "failed"
