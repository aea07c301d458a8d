"""Where the dashboard listens and what it allows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Limits of one server.

    Attributes
    ----------
    host, port : where it listens; other names for this machine are refused unless it listens to
        all addresses.
    largest_body : bytes of an upload.
    longest_query : characters of an address after the question mark.
    workers : answers worked out at a time.
    waiting : requests that may wait for a worker; more are told to come back.
    patience : seconds that a request waits for its answer.
    heavy_burst, heavy_per_minute : pictures, reports and jobs that one client may ask for at once,
        and in the long run.
    jobs : background jobs that may wait; one runs at a time.
    job_seconds : how long one may run.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    largest_body: int = 1_000_000
    longest_query: int = 4_000
    workers: int = 2
    waiting: int = 128
    patience: float = 60.0
    heavy_burst: int = 60
    heavy_per_minute: int = 120
    jobs: int = 8
    job_seconds: float = 1800.0

    @property
    def hosts(self) -> frozenset[str] | None:
        """Host names that a request may name; None where the server listens to all addresses."""
        if self.host in ("0.0.0.0", "::", ""):  # noqa: S104
            return None
        return frozenset({self.host.casefold(), "127.0.0.1", "localhost", "[::1]", "::1"})
