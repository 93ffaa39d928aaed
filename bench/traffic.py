"""Over HTTP, against the shipped server with two workers: throughput, memory, and readers and
writers at the same time.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from bench.books import WITHOUT_LIMITS
from bench.floors import CONSTANT
from bench.inputs import Inputs
from bench.load import answers, rate, request
from tests.support.server import running_server

SECONDS, TURNS = 3.0, 3
READERS, WRITERS = 16, 4


def traffic(
    inputs: Inputs, url: str, log: Path, secret: str, token: str, requests: int
) -> dict[str, Any]:
    """Requests per second, and megabytes of memory."""
    cookie, key = {"Cookie": f"gatebook={token}"}, {"Authorization": f"Bearer {secret}"}
    lists = inputs.lists(200, first_page=False)
    customers = [f"/customers/{one.id}" for one in inputs.people]
    shown = {
        "constant rows": [CONSTANT],
        "list, first page": ["/customers"],
        "list, any page": lists,
        "customer page": customers,
    }
    with running_server(url, log, application="bench.served:app", **WITHOUT_LIMITS) as address:
        port = urlsplit(address).port or 0
        rates = {name: turns(port, gets(paths, port, cookie)) for name, paths in shown.items()}
        all_pages = gets([*lists, *customers], port, cookie)
        before = memory(port)
        answered = 0.0
        while answered < requests:
            answered += rate(port, all_pages, SECONDS) * SECONDS
        after = memory(port)
        mixed = together(port, all_pages, creates(port, key))
    grown = {f"MB per worker before and after {answered:,.0f} requests": f"{before} {after}"}
    return beside_the_floor(rates) | grown | mixed


def beside_the_floor(rates: dict[str, float]) -> dict[str, str]:
    floor = rates["constant rows"]
    return {
        f"{name}, requests/s": f"{value:,.0f} ({value / floor:.0%})"
        for name, value in rates.items()
    }


def gets(paths: list[str], port: int, headers: dict[str, str]) -> Callable[[int], Iterator[bytes]]:
    def requests(number: int) -> Iterator[bytes]:
        choose = Random(number)
        while True:
            yield request("GET", choose.choice(paths), port, headers=headers)

    return requests


def creates(port: int, headers: dict[str, str]) -> Callable[[int], Iterator[bytes]]:
    def requests(number: int) -> Iterator[bytes]:
        while True:
            email = f"t{number}x{time.time_ns():x}@example.com"
            body = json.dumps({"firstName": "Ama", "lastName": "Mensah", "email": email}).encode()
            yield request("POST", "/api/v1/customers", port, headers=headers, body=body)

    return requests


def turns(port: int, plan: Callable[[int], Iterator[bytes]]) -> float:
    rate(port, plan, 1.0)
    return statistics.median(rate(port, plan, SECONDS) for _ in range(TURNS))


def together(port: int, reads: Callable[..., Any], makes: Callable[..., Any]) -> dict[str, str]:
    """Sixteen readers and four writers for ten seconds: throughput and response
    times of each group.
    """
    waited = answers(port, [(reads, READERS), (makes, WRITERS)], 10.0)
    said = {}
    for name, times in zip(("16 readers", "4 writers"), waited, strict=True):
        times.sort()
        cut = {share: times[int(len(times) * share)] * 1_000 for share in (0.5, 0.95, 0.99)}
        spread = ", ".join(f"p{share * 100:.0f} {value:.0f} ms" for share, value in cut.items())
        said[f"{name} at once"] = f"{len(times) / 10:,.0f} requests/s, {spread}, none refused"
    return said


def memory(port: int) -> list[int]:
    """Resident megabytes of each worker: those processes of this server whose parent is one too."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = (status.parent / "environ").read_bytes().split(b"\0")
            lines = dict(
                line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line
            )
        except OSError:
            continue
        if f"PORT={port}".encode() in words and "VmRSS" in lines:
            found[lines["Pid"]] = (lines["PPid"], int(lines["VmRSS"].split()[0]) // 1024)
    return sorted(megabytes for parent, megabytes in found.values() if parent in found)
