"""Printing: JSON for scripts, Rich for people."""

from __future__ import annotations

import json
import math
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType
    from rich.progress import TaskID


def print_json(value: object) -> None:
    """Print one JSON document; what is not a number is null."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write(text + "\n")


def plain(value: Any) -> Any:
    """Nested values as JSON has them: tuples and arrays to lists, NaN to null, dates to text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "tolist"):  # arrays and numbers of NumPy, which is not imported for them
        return plain(value.tolist())
    return str(value)


def show(item: RenderableType) -> None:
    """Print for a person; wide enough for tables when the output is not a terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=140)
    console.print(item)


@contextmanager
def downloads() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar on standard error for each file as its bytes come, where somebody sees it."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    shown: dict[str, TaskID] = {}
    with Progress(
        *columns, TransferSpeedColumn(), console=console, disable=not console.is_terminal
    ) as bar:

        def tell(path: str, done: int, total: int | None) -> None:
            if path not in shown:
                shown[path] = bar.add_task(path, total=total)
            bar.update(shown[path], completed=done, total=total)

        yield tell
