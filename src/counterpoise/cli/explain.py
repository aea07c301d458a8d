"""The verb that puts rival explanations to the test: explain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show

if TYPE_CHECKING:
    from counterpoise.assessment.explanations import Specification

    Tell = Callable[[str, int, int], None]

Choices = Annotated[
    list[str] | None,
    typer.Option(help="Choice of the specification, such as missing=complete; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command(epilog="Example: counterpoise explain --against USA --from 1991 --to 2018")(explain)


def explain(
    against: options.Against,
    first: options.First = 1991,
    last: options.Last = 2018,
    as_json: options.Json = False,
    out: options.Picture = None,
    choose: Choices = None,
    curve: Annotated[
        int | None,
        typer.Option(help="Ask under this many specifications instead: a batch of minutes."),
    ] = None,
    draws: Annotated[int, typer.Option(help="Resampled sets of spells behind intervals.")] = 400,
    null_draws: Annotated[
        int, typer.Option(help="Sets of pacts moved at random behind the Shapley split's null.")
    ] = 19,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Compute anew and keep nothing.")
    ] = False,
    workers: options.Workers = None,
    scheduler: options.Scheduler = None,
    keep: options.Keep = None,
) -> None:
    """Why has no coalition formed against a target? Test every rival explanation."""
    from counterpoise.errors import QuestionError
    from counterpoise.workers import using

    if curve is not None:
        if keep is not None:
            raise QuestionError("--keep is for one specification; a curve's lie in the cache.")
        with using(workers, scheduler):
            _curve(against, first, last, curve, as_json, out, no_cache)
        return
    from counterpoise.assessment.explanations import explain as test

    with _progress() as tell:
        found = test(
            against,
            first,
            last,
            _specification(choose or []),
            draws=draws,
            null_draws=null_draws,
            use_cache=not no_cache,
            workers=workers,
            scheduler=scheduler,
            folder=keep,
            tell=tell,
        )
    values = found.to_dict()
    if out is not None:
        from counterpoise.figures import explain as charts
        from counterpoise.figures import save

        save(charts.explanations(values), out)
    if as_json:
        print_json(values)
        return
    from counterpoise.report import terminal_explain

    show(terminal_explain.explained(values))


def _curve(
    against: str,
    first: int,
    last: int,
    number: int,
    as_json: bool,
    out: Path | None,
    no_cache: bool,
) -> None:
    from counterpoise.assessment.explanations import curve

    with _progress() as tell:
        frame = curve.curve(against, first, last, number, use_cache=not no_cache, tell=tell)
    if out is not None:
        from counterpoise.figures import explain as charts
        from counterpoise.figures import save

        save(charts.curve(frame), out)
    summary = curve.summary(frame)
    if as_json:
        print_json({"summary": summary.to_dicts(), "specifications": frame.to_dicts()})
        return
    from counterpoise.report import terminal_explain

    show(terminal_explain.curve(frame, summary))


def _specification(chosen: list[str]) -> Specification:
    """Read choices written as key=value.

    Raises
    ------
    QuestionError : not of that form, or no such choice or value.
    """
    from counterpoise.assessment.explanations.specification import CHOICES, Specification
    from counterpoise.errors import QuestionError

    read: dict[str, object] = {}
    for text in chosen:
        key, _, value = text.partition("=")
        values = {str(v): v for v in CHOICES.get(key, ())}
        if value not in values:
            listed = ", ".join(values) if values else ", ".join(CHOICES)
            what = f'values of "{key}"' if values else "choices"
            raise QuestionError(f'"{text}" is no choice. Write key=value; {what}: {listed}')
        read[key] = values[value]
    return Specification(**read)  # type: ignore[arg-type]


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar per stage on the error stream, so that the answer stays clean."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        tasks: dict[str, int] = {}

        def tell(stage: str, finished: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=finished, total=total)  # type: ignore[arg-type]

        yield tell
