"""What protects the server and its readers: headers, limits, and who may ask."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from counterpoise.web.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No script or style but the server's own files; nothing is asked of another machine."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class RefusedError(HTTPException):
    """A request that is not let in: status and what the reader is told."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)


class Guard:
    """Lets in what keeps to the limits, and adds the headers to every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request and pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _bodiless(send)
        try:
            self._admit(scope)
            await self.app(scope, self._counted(receive), _dressed(send))
        except RefusedError as refused:
            await _refuse(refused, _dressed(send))

    def _admit(self, scope: Scope) -> None:
        headers = {key.lower(): value for key, value in scope["headers"]}
        host = headers.get(b"host", b"").decode("latin-1").casefold()
        allowed = self.settings.hosts
        if allowed is not None and _name_of(host) not in allowed:
            raise RefusedError(421, "This server does not answer to that host name.")
        if len(scope["query_string"]) > self.settings.longest_query:
            raise RefusedError(
                414, f"The address is longer than {self.settings.longest_query:,} bytes."
            )
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.settings.largest_body:
            raise RefusedError(413, f"More than {self.settings.largest_body:,} bytes were sent.")
        if scope["method"] not in SAFE and not _is_own(headers, host):
            raise RefusedError(403, "The form was sent from another site.")

    def _counted(self, receive: Receive) -> Callable[[], Awaitable[Message]]:
        taken = 0

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.settings.largest_body:
                raise RefusedError(
                    413, f"More than {self.settings.largest_body:,} bytes were sent."
                )
            return message

        return counting


def _name_of(host: str) -> str:
    """A host without its port; an IPv6 address keeps its brackets."""
    if host.startswith("[") and "]" in host:
        return host[: host.index("]") + 1]
    return host.split(":")[0]


def _is_own(headers: dict[bytes, bytes], host: str) -> bool:
    """Was a form sent by a page of this server, or by a program that is no browser?"""
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    if site is not None and site not in (b"same-origin", b"none"):
        return False
    return origin is None or origin.decode("latin-1").casefold().split("://")[-1] == host


def _dressed(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            held = {key.lower() for key, _ in message["headers"]}
            added = [
                (key.encode(), value.encode())
                for key, value in HEADERS.items()
                if key.encode() not in held
            ]
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return sending


def _bodiless(send: Send) -> Send:
    """Sends the head of an answer and keeps its body back."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending


async def _refuse(refused: RefusedError, send: Send) -> None:
    body = json.dumps({"error": refused.detail}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refused.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Budget:
    """A bucket of tokens per client: it empties with heavy requests and fills with time."""

    MOST_CLIENTS = 4096

    def __init__(
        self, burst: int, per_minute: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.burst = burst
        self.rate = per_minute / 60
        self.now = now
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a token; 0 where there was one, else the seconds until there is."""
        left, since = self._held.pop(client, (float(self.burst), self.now()))
        moment = self.now()
        left = min(float(self.burst), left + (moment - since) * self.rate)
        wait = 0.0 if left >= 1 else (1 - left) / self.rate
        self._held[client] = (left if wait else left - 1, moment)
        while len(self._held) > self.MOST_CLIENTS:
            self._held.popitem(last=False)
        return wait
