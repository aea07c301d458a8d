"""Listens and answers until it is stopped."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from counterpoise.errors import QuestionError
from counterpoise.web.app import create_app
from counterpoise.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI


def run(host: str, port: int, tell: Callable[[str], object]) -> None:
    """Serve the dashboard until it is interrupted.

    Raises
    ------
    QuestionError : the address cannot be listened on.
    """
    settings = Settings(host=host, port=port)
    held = listen(host, port)
    chosen = held.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    if settings.hosts is None:
        tell("It listens to every address of this machine: whoever reaches it can ask it anything.")
    tell(f"The dashboard is at http://{shown}:{chosen} (Ctrl-C stops it).")
    # Threads that work answers out give way to the one that sends them ten times as often.
    sys.setswitchinterval(0.0005)
    uvicorn.Server(configured(create_app(settings))).run(sockets=[held])


def configured(app: FastAPI) -> uvicorn.Config:
    """How an application is served: quietly, without a name, and no more at once than it can."""
    return uvicorn.Config(
        app,
        log_level="warning",
        ws="none",
        server_header=False,
        timeout_keep_alive=15,
        limit_concurrency=400,
        timeout_graceful_shutdown=5,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, or an error that says why not.

    Raises
    ------
    QuestionError : no such address, or the port is taken.
    """
    held = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        held = socket.socket(family, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
        held.listen(1024)
    except (OSError, UnicodeError) as error:
        if held is not None:
            held.close()
        raise QuestionError(
            f"Cannot listen on {host}, port {port}: {error}. Choose another with --host or --port."
        ) from None
    held.set_inheritable(True)
    return held
