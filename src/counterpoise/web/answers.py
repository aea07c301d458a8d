"""Answers worked out once and kept: a bounded store, few workers, and one worker per answer."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterpoise.web.security import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from counterpoise.web.settings import Settings


class Store:
    """The last answers by key; the one unused for longest goes first.

    Parameters
    ----------
    most : number of answers.
    heaviest : sum of their weights; an answer weighs its length in bytes, others 1.
    """

    def __init__(self, most: int, heaviest: int) -> None:
        self.most = most
        self.heaviest = heaviest
        self.weight = 0
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: Hashable) -> Any:
        """An answer, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        """Keep an answer, and drop old ones that no longer fit."""
        with self._lock:
            self._drop(key)
            self._held[key] = value
            self.weight += _weight(value)
            while len(self._held) > 1 and (
                len(self._held) > self.most or self.weight > self.heaviest
            ):
                self._drop(next(iter(self._held)))

    def _drop(self, key: Hashable) -> None:
        if key in self._held:
            self.weight -= _weight(self._held.pop(key))

    def __len__(self) -> int:
        return len(self._held)


def _heard(task: asyncio.Future[Any]) -> None:
    """Take note of an error that nobody waits for any more."""
    if not task.cancelled():
        task.exception()


def _weight(value: Any) -> int:
    return len(value) if isinstance(value, bytes | str) else 1


@dataclass
class Answers:
    """Works answers out in a few threads and keeps them.

    ``pages`` holds what is sent, ``objects`` what it is made from.
    """

    settings: Settings
    pages: Store = field(default_factory=lambda: Store(4000, 96_000_000))
    objects: Store = field(default_factory=lambda: Store(128, 128))
    _under_way: dict[Hashable, asyncio.Future[Any]] = field(default_factory=dict)
    _pool: ThreadPoolExecutor | None = None

    async def page(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is sent for a key, made at most once however many ask for it.

        Raises
        ------
        RefusedError : too many answers are waited for, or this one takes too long.
        """
        found = self.pages.get(key)
        if found is not None:
            return found
        if key not in self._under_way:
            if len(self._under_way) >= self.settings.waiting:
                raise RefusedError(503, "The server is busy; ask again in a few seconds.")
            task = asyncio.ensure_future(self._made(key, make))
            task.add_done_callback(_heard)
            self._under_way[key] = task
        # A reader who goes away must not stop the work that others wait for.
        try:
            async with asyncio.timeout(self.settings.patience):
                return await asyncio.shield(self._under_way[key])
        except TimeoutError:
            raise RefusedError(
                503, "The answer takes long; it is being worked on, ask again."
            ) from None

    async def _made(self, key: Hashable, make: Callable[[], Any]) -> Any:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self.pool, make)
            self.pages.put(key, found)
            return found
        finally:
            self._under_way.pop(key, None)

    @property
    def pool(self) -> ThreadPoolExecutor:
        """The threads that work; made when first needed."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.settings.workers, "answers")
        return self._pool

    def object(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What pages are made from, kept for the next of them."""
        found = self.objects.get(key)
        if found is None:
            found = make()
            self.objects.put(key, found)
        return found

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            with contextlib.suppress(RuntimeError):
                self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
