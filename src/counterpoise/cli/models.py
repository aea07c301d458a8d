"""The verbs about models of coalition formation: landscape, balance, game, game-fit, swing."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show
from counterpoise.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counterpoise.assessment.landscapes import LandscapeStudy
    from counterpoise.measures.propensities import Groups
    from counterpoise.measures.signed_network import TieRule

Year = Annotated[int | None, typer.Option(help="Calendar year.")]
First = Annotated[int | None, typer.Option("--from", help="First year.")]
Last = Annotated[int | None, typer.Option("--to", help="Last year.")]
Seed = Annotated[int, typer.Option(help="Seed of everything drawn at random.")]
TimeLimit = Annotated[float, typer.Option(help="Seconds for a proof that enumeration cannot give.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command(epilog="Example: counterpoise landscape --year 2006 --states G20")(landscape)
    app.command(epilog="Example: counterpoise balance --year 1985")(balance)
    app.command(
        epilog="Example: counterpoise game --against USA --year 2006 --change power:CHN=+20%"
    )(game)
    app.command("game-fit", epilog="Example: counterpoise game-fit --out weights.csv")(game_fit)
    app.command(epilog="Example: counterpoise swing SCO --against USA --year 2006")(swing)


@contextmanager
def _working(text: str) -> Iterator[None]:
    """Say on a terminal that work is under way; nothing where the output is piped."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(text):
        yield


@contextmanager
def _progress(text: str, total: int) -> Iterator[Callable[[int], object]]:
    """A progress bar on a terminal's standard error."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(text, total=total)
        yield lambda _: bar.advance(task)


@contextmanager
def _counted(text: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """A progress bar that is told how much is finished."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(text, total=total)

        def tell(finished: int, _: int) -> None:
            bar.update(task, completed=finished)

        yield tell


def landscape(
    year: Year = None,
    states: Annotated[
        str, typer.Option(help="all, majors, P5, a bloc such as G20, or a list of states.")
    ] = "majors",
    power: options.Power = "cinc",
    blocs: Annotated[int, typer.Option(help="The most blocs allowed.")] = 2,
    weights: Annotated[
        str | None, typer.Option(help="Weights of the parts, as in pacts=3,votes=0.")
    ] = None,
    groups: Annotated[
        list[str] | None,
        typer.Option(help="Own part: NAME=FILE.csv with the columns state,group; repeatable."),
    ] = None,
    camp: Annotated[
        str | None, typer.Option(help="A bloc or list that really stood together, to compare.")
    ] = None,
    strengths: Annotated[
        Path | None, typer.Option(help="Own actors: CSV with code,actor,strength.")
    ] = None,
    propensities: Annotated[
        Path | None, typer.Option(help="Own propensities: square CSV matrix headed by the codes.")
    ] = None,
    centre: Annotated[float, typer.Option(help="Subtracted from own propensities.")] = 0.0,
    as_json: options.Json = False,
    extend: options.Extend = False,
    out: options.Picture = None,
    seed: Seed = 0,
    time_limit: TimeLimit = 60.0,
) -> None:
    """Who belongs with whom: energies, optima with basins, the torn and the misplaced."""
    from counterpoise.assessment import landscapes

    if strengths is not None or propensities is not None:
        study = _own_landscape(strengths, propensities, centre, blocs, seed, time_limit)
    else:
        with _working("Solving the landscape"):
            study = landscapes.landscape(
                _required(year, "--year"),
                states,
                metric=power,
                blocs=blocs,
                weights=_weights(weights),
                groups=_groups(groups or (), _required(year, "--year")),
                camp=camp,
                extend=extend,
                seed=seed,
                time_limit=time_limit,
            )
    if out is not None:
        from counterpoise import figures
        from counterpoise.figures.landscape import landscape as draw

        figures.save(draw(study), out)
    if as_json:
        print_json(study.to_dict())
        return
    from counterpoise.report import terminal_models

    show(terminal_models.landscape(study))


def _own_landscape(
    strengths: Path | None,
    propensities: Path | None,
    centre: float,
    blocs: int,
    seed: int,
    time_limit: float,
) -> LandscapeStudy:
    from counterpoise.assessment.landscapes import own_landscape
    from counterpoise.models.inputs import read_landscape

    if strengths is None or propensities is None:
        raise QuestionError("Give both files: --strengths FILE.csv --propensities FILE.csv.")
    problem = read_landscape(strengths, propensities, centre=centre)
    with _working("Solving the landscape"):
        return own_landscape(problem, blocs=blocs, seed=seed, time_limit=time_limit)


def _required(value: int | None, name: str) -> int:
    if value is None:
        raise QuestionError(f"Say {name}, or give files of your own; see --help.")
    return value


def _weights(text: str | None) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in (text or "").split(","):
        if not part.strip():
            continue
        name, _, value = part.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise QuestionError(
                f'"{part}" is no weight; write NAME=NUMBER, as in votes=2.'
            ) from None
    return found


def _groups(given: Sequence[str], year: int) -> list[Groups]:
    from counterpoise.measures.propensities import read_groups

    found = []
    for text in given:
        name, _, path = text.partition("=")
        if not name or not path:
            raise QuestionError(f'"{text}" is no part; write NAME=FILE.csv, as in religion=r.csv.')
        found.append(read_groups(name.strip(), Path(path), year))
    return found


def balance(
    year: Year = None,
    first: First = None,
    last: Last = None,
    edges: Annotated[
        Path | None, typer.Option(help="Own ties: CSV with a,b,sign; signs are 1 and -1.")
    ] = None,
    window: Annotated[int, typer.Option(help="Years in which a dispute makes enemies.")] = 4,
    hostility: Annotated[
        int, typer.Option(help="Hostility from which: 3 display, 4 use of force, 5 war.")
    ] = 4,
    rivalries: Annotated[
        bool, typer.Option("--rivalries/--no-rivalries", help="Do rivals count as enemies?")
    ] = True,
    consultation: Annotated[
        bool, typer.Option("--consultation/--no-consultation", help="Does it make friends?")
    ] = True,
    draws: Annotated[
        int | None,
        typer.Option(help="Networks with random signs; 40 for one year, none for many."),
    ] = None,
    pole: Annotated[
        str | None, typer.Option(help="A state by which to see who wavers between the camps.")
    ] = None,
    as_json: options.Json = False,
    extend: options.Extend = False,
    out: Annotated[
        Path | None,
        options.output("Picture, or the table of many years", *options.PICTURES, ".csv"),
    ] = None,
    seed: Seed = 0,
    time_limit: TimeLimit = 60.0,
) -> None:
    """How far friends and enemies are from two camps: line index, triangles, walks, chance."""
    from counterpoise.measures.signed_network import TieRule

    if edges is not None:
        _own_balance(edges, as_json, seed, time_limit)
        return
    rule = TieRule(window, hostility, rivalries, consultation)
    if first is not None or last is not None:
        _balance_years(
            (_required(first, "--from"), _required(last, "--to")),
            rule,
            (draws or 0, seed, time_limit),
            extend=extend,
            as_json=as_json,
            out=out,
        )
        return
    from counterpoise.assessment.balances import DRAWS, balance_of

    with _working("Proving the line index"):
        study = balance_of(
            _required(year, "--year"),
            rule,
            draws=DRAWS if draws is None else draws,
            pole=pole,
            extend=extend,
            seed=seed,
            time_limit=time_limit,
        )
    if out is not None:
        from counterpoise import figures
        from counterpoise.figures.balance import balance as draw

        figures.save(draw(study), out)
    if as_json:
        print_json(study.to_dict())
        return
    from counterpoise.report import terminal_models

    show(terminal_models.balance(study))


def _own_balance(edges: Path, as_json: bool, seed: int, time_limit: float) -> None:
    from counterpoise.models.inputs import balance_answer, read_signed_graph

    answer = balance_answer(read_signed_graph(edges), time_limit=time_limit, seed=seed)
    if as_json:
        print_json(answer)
        return
    from counterpoise.report import terminal_models

    show(terminal_models.own_balance(answer))


def _balance_years(
    years: tuple[int, int],
    rule: TieRule,
    effort: tuple[int, int, float],
    *,
    extend: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    from counterpoise.assessment.balances import balance_years

    draws, seed, time_limit = effort
    with _progress("Years", years[1] - years[0] + 1) as tell:
        frame = balance_years(
            *years, rule, draws=draws, extend=extend, seed=seed, time_limit=time_limit, tell=tell
        )
    if out is not None and out.suffix.lower() == ".csv":
        from counterpoise import files

        with files.replacing(out) as temporary:
            frame.write_csv(temporary)
    elif out is not None:
        from counterpoise import figures
        from counterpoise.figures.balance import balance_track

        figures.save(balance_track(frame), out)
    if as_json:
        print_json({"rule": rule.sentence, "years": frame.to_dicts()})
    elif out is None:
        from counterpoise.report import terminal_models

        show(terminal_models.balance_years(frame, rule.sentence))


def game(
    against: options.Against,
    year: options.Year,
    change: Annotated[
        list[str] | None,
        typer.Option(help="Change: power:CHN=+20%, base:KGZ=off, pact:RUS+CHN=on; repeatable."),
    ] = None,
    power: options.Power = "cinc",
    threat: Annotated[
        str, typer.Option(help="Measure of threat: additive, geometric, survival and others.")
    ] = "additive",
    simulate: Annotated[
        int | None, typer.Option(help="Run the game forward so many years, beside the record.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Simulated histories.")] = 100,
    workers: options.Workers = None,
    scheduler: options.Scheduler = None,
    keep: options.Keep = None,
    as_json: options.Json = False,
    extend: options.Extend = False,
    out: options.Picture = None,
    seed: Seed = 0,
) -> None:
    """Who would balance, bandwagon, hide or stay neutral against a target, and what if."""
    from counterpoise.report import terminal_models
    from counterpoise.workers import using

    if simulate is not None:
        with using(workers, scheduler):
            _history(against, year, (simulate, runs, seed), keep, extend=extend, as_json=as_json)
        return
    from counterpoise.assessment import games

    with _working("Playing the game"):
        study = games.game(
            against, year, change or (), metric=power, threat=threat, extend=extend, seed=seed
        )
    if out is not None:
        from counterpoise import figures
        from counterpoise.figures.game import game as draw

        figures.save(draw(study), out)
    if as_json:
        print_json(study.to_dict())
    else:
        show(terminal_models.game(study))


def _history(
    against: str,
    year: int,
    effort: tuple[int, int, int],
    keep: Path | None,
    *,
    extend: bool,
    as_json: bool,
) -> None:
    from counterpoise.assessment.game_histories import history

    years, runs, seed = effort
    with _counted("Simulating histories", runs) as tell:
        found = history(
            against,
            year,
            years,
            runs,
            seed=seed,
            folder=keep,
            extend=extend,
            tell=tell,
        )
    if as_json:
        print_json(found.to_dict())
        return
    from counterpoise.report import terminal_models

    show(terminal_models.history(found))


def game_fit(
    out: Annotated[Path | None, options.output("File for the estimated weights", ".csv")] = None,
    as_json: options.Json = False,
    seed: Seed = 0,
) -> None:
    """Estimate the game's weights on 1826-1990 and test them on 1991-2018 against simple rivals."""
    from counterpoise.assessment import game_fits

    with _working("Reading the games of 1826-2018"):
        learnt = game_fits.sample(game_fits.FIRST, game_fits.LAST)
        tested = game_fits.sample(
            game_fits.FIRST_TEST, game_fits.LAST_TEST, game_fits.TEST_STEP, extend=True
        )
    with _working("Estimating the weights"):
        found = game_fits.estimate(learnt)
    with _working("Testing them"):
        test = game_fits.held_out(found.parameters, learnt, tested, seed)
    if out is not None:
        game_fits.write_fit(found, out)
    if as_json:
        print_json(game_fits.fit_dict(found) | {"test": test.to_dict()})
        return
    from counterpoise.report import terminal_models

    show(terminal_models.fit(found, test))
    if out is not None:
        sys.stdout.write(f"{out}: {len(found.free)} weights\n")


def swing(
    bloc: options.Bloc,
    against: options.Against,
    year: options.Year,
    candidates: Annotated[
        str | None,
        typer.Option("--with", help="States that might join; observers and partners by default."),
    ] = None,
    power: options.Power = "cinc",
    as_json: options.Json = False,
    extend: options.Extend = False,
) -> None:
    """Who of a bloc and its candidates would change the outcome by moving, by each model."""
    from counterpoise.assessment.swings import swing as ask

    with _working("Asking every model"):
        study = ask(bloc, against, year, candidates, metric=power, extend=extend)
    if as_json:
        print_json(study.to_dict())
        return
    from counterpoise.report import terminal_models

    show(terminal_models.swing(study))
