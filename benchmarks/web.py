"""Load on the dashboard: ``python -m benchmarks web`` or ``python benchmarks/web.py [SECONDS]``.

Fifty readers at once ask for every kind of page with random parameters, one request in ten for an
answer that is not kept yet. The server runs in a process of its own. Printed are, for kept and cold
answers of each kind, how many were sent and the times to the first byte; any error fails the run.
"""

from __future__ import annotations

import asyncio
import collections
import multiprocessing
import os
import random
import resource
import socket
import sys
import time

import httpx

READERS = 50
SECONDS = float(os.environ.get("COUNTERPOISE_LOAD_SECONDS", "60"))
COLD_SHARE = 0.1
THINKING = 0.5
"""Seconds that a reader looks at a page before the next, at most twice this."""

BLOCS = [
    "SCO",
    "NATO",
    "CSTO",
    "EU",
    "ASEAN",
    "GCC",
    "OAS",
    "CIS",
    "RUS,CHN",
    "RUS,CHN,IRN",
    "FRA,DEU",
]
TARGETS = ["USA", "365", "CHN", "GMY", "IND", "JPN"]
PARTS = ["tests", "strands", "timeline", "map", "network", "threat", "resemblance", "consensus"]
KEPT = [
    "/",
    "/index.json",
    "/assess?bloc=SCO&against=USA&year=2006",
    "/assess.json?bloc=SCO&against=USA&year=2006",
    "/assess?bloc=Warsaw+Pact&against=USA&year=1985",
    *(f"/assess/part/{p}?bloc=SCO&against=USA&year=2006" for p in PARTS),
    *(f"/assess/part/{p}.csv?bloc=SCO&against=USA&year=2006" for p in PARTS),
    "/assess/part/map.vl?bloc=SCO&against=USA&year=2006",
    "/assess/part/network.svg?bloc=SCO&against=USA&year=2006",
    "/assess/part/network.png?bloc=SCO&against=USA&year=2006",
    "/compare",
    "/compare.json",
    "/leaders",
    "/leaders.json",
    "/claims",
    "/claims.json",
    "/scan",
    "/cases",
    "/cases/sco-2006-a",
    "/cases/sco-2006-a.json",
    "/case-editor",
    "/data",
    "/data.json",
    "/api",
    "/openapi.json",
    "/static/pages.js",
    "/static/style.css",
]
EXPECTED = {200, 404, 422}
"""A bloc that did not exist in a random year is rightly not found."""


def cold(rng: random.Random) -> str:
    """An address that was hardly asked before."""
    bloc, target = rng.choice(BLOCS), rng.choice(TARGETS)
    asked = f"bloc={bloc}&against={target}&year={rng.randint(1950, 2018)}"
    asked += f"&bound_share={rng.uniform(0.2, 0.8):.4f}&power={rng.choice(['cinc', 'gdp', 'net'])}"
    part = rng.choice(PARTS)
    return rng.choice(
        [
            f"/assess?{asked}",
            f"/assess?{asked}",
            f"/assess/part/{part}?{asked}",
            f"/assess/part/{part}.json?{asked}",
            f"/leaders?year={rng.randint(1816, 2022)}",
            f"/compare?{asked.split('&bound')[0]}",
            f"/assess?bloc={'x' * rng.randint(1, 60)}&{asked}",
        ]
    )


def kind_of(address: str) -> str:
    """The page that an address belongs to."""
    path = address.split("?")[0]
    return path if path.count("/") < 3 else path.rsplit("/", 1)[0] + "/…"


def serve(port: int) -> None:
    """Run the dashboard in this process."""
    from counterpoise.web.server import run

    run("127.0.0.1", port, tell=lambda line: None)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


async def reader(
    client: httpx.AsyncClient,
    number: int,
    end: float,
    times: dict[tuple[str, str], list[float]],
    faults: list[str],
) -> None:
    """Read page after page until the time is over."""
    rng = random.Random(number)
    while time.perf_counter() < end:
        is_cold = rng.random() < COLD_SHARE
        address = cold(rng) if is_cold else rng.choice(KEPT)
        begun = time.perf_counter()
        try:
            async with client.stream("GET", address) as answer:
                times["cold" if is_cold else "kept", kind_of(address)].append(
                    time.perf_counter() - begun
                )
                await answer.aread()
                if answer.status_code not in EXPECTED:
                    faults.append(f"{answer.status_code} {address}")
        except httpx.HTTPError as error:
            faults.append(f"{type(error).__name__} {address}")
        await asyncio.sleep(rng.uniform(0, 2 * THINKING))


async def load(base: str, seconds: float) -> tuple[dict[tuple[str, str], list[float]], list[str]]:
    """Fifty readers for some seconds, once every page that may be kept is."""
    times: dict[tuple[str, str], list[float]] = collections.defaultdict(list)
    faults: list[str] = []
    limits = httpx.Limits(max_connections=READERS, max_keepalive_connections=READERS)
    async with httpx.AsyncClient(base_url=base, timeout=90, limits=limits) as client:
        for address in KEPT:
            (await client.get(address)).raise_for_status()
        while (await client.get("/claims.json")).json()["job"] is not None:
            await asyncio.sleep(1)
        end = time.perf_counter() + seconds
        await asyncio.gather(*(reader(client, n, end, times, faults) for n in range(READERS)))
    return times, faults


def quantile(values: list[float], share: float) -> float:
    """A quantile in milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main(seconds: float) -> int:
    """Run and print; 1 if any request failed."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=False)
    process.start()
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(base + "/openapi.json", timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        times, faults = asyncio.run(load(base, seconds))
    finally:
        process.terminate()
        process.join(20)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    sent = sum(map(len, times.values()))
    print(f"\n{READERS} readers, {seconds:.0f} s, load {os.getloadavg()[0]:.1f}\n")
    print("| answers | page | requests | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|---|")
    for state in ("kept", "cold"):
        every = [t for (s, _), found in times.items() if s == state for t in found]
        rows = [(state, "all", every)] + [
            (s, kind, found) for (s, kind), found in sorted(times.items()) if s == state
        ]
        for name, kind, found in rows:
            if found:
                shown = " | ".join(f"{quantile(found, q):.0f}" for q in (0.5, 0.95, 1.0))
                print(f"| {name} | {kind} | {len(found)} | {shown} |")
    seconds_used = used.ru_utime + used.ru_stime
    print(
        f"\nThe server used {seconds_used:.1f} s of processors, {used.ru_maxrss / 1024:.0f} MB; "
        f"{sent} answers."
    )
    print(f"\n{len(faults)} faults: {collections.Counter(faults).most_common(10)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else SECONDS))
