"""Long work that runs in a process of its own, so that it can be stopped and pages stay quick.

Each kind of work is a function from its parameters to its result; ``tell`` is called with the parts
done and in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    Tell = Callable[[int, int], None]


def claims(tell: Tell) -> Any:
    """Every claim of the ledger with what became of it."""
    from counterpoise.assessment import claims as ledgers

    listed = ledgers.ledger()
    found = []
    for done, claim in enumerate(listed):
        tell(done, len(listed))
        found.append((claim, claim.outcome()))
    tell(len(listed), len(listed))
    return found


def scan(tell: Tell, **asked: Any) -> Any:
    """A search for coalitions; parameters as those of ``counterpoise.assessment.scan.scan``."""
    from counterpoise.assessment.scan import scan as search

    return search(**asked, tell=lambda target, done, total: tell(done, total))


KINDS: dict[str, Callable[..., Any]] = {"claims": claims, "scan": scan}


def run(kind: str, asked: dict[str, Any], pipe: Connection) -> None:
    """Do one piece of work and send what becomes of it: progress, then a result or an error."""
    try:
        found = KINDS[kind](lambda done, total: pipe.send(("progress", (done, total))), **asked)
        pipe.send(("result", found))
    except CounterpoiseError as error:
        pipe.send(("refused", str(error)))
    except Exception as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
        raise
    finally:
        pipe.close()
