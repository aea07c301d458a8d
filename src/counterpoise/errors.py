"""What can go wrong, as the user meets it: what is wrong, where, and what to do next."""

from __future__ import annotations


class CounterpoiseError(Exception):
    """Base of every error that a user can cause and mend; printed without a traceback."""


class DataError(CounterpoiseError):
    """A file or a table is missing, damaged or not of the declared form."""


class CoverageError(CounterpoiseError):
    """The year, state or bloc asked for lies outside everything that the record covers."""


class UnknownNameError(CounterpoiseError):
    """A state, bloc, column, source or table of that name does not exist."""


class AmbiguousNameError(UnknownNameError):
    """A name fits several states or blocs; the message lists them."""


class QuestionError(CounterpoiseError):
    """The question contradicts itself, such as a bloc that contains its own target."""


class CaseError(CounterpoiseError):
    """A case file is not of the declared form."""


class ModelError(CounterpoiseError):
    """A model was given a problem that it cannot solve."""


class LicenceError(CounterpoiseError):
    """The licence of a source forbids what was asked."""


class MissingExtraError(CounterpoiseError):
    """An optional part is not installed; the message names the command that installs it."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs {library}, which is not installed. "
            f"Install it with: pip install 'counterpoise[{extra}]'"
        )
