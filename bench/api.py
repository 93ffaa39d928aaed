"""`make bench-api`: requests per second of the API, next to bare views on the same
server in the same run.
"""

import json
import os
import platform
import random
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from bench.books import WITHOUT_LIMITS
from bench.load import rate, request
from bench.servers import GUNICORN, served
from tests.api.program import AMA
from tests.support import cast
from tests.support.books import Book
from tests.support.server import running_server
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.settings import PROJECT
from webapp.transfer.samples.load import load_people

CUSTOMERS, TURNS, SECONDS = 10_000, 5, 2.0

Plan = tuple[int, Callable[[int], Iterator[bytes]]]
RESULTS = PROJECT / "build" / "bench" / "api.json"


def fetches(prefix: str, ids: list[str], port: int, headers: dict[str, str]):
    def requests(number: int) -> Iterator[bytes]:
        choose = random.Random(number)
        while True:
            yield request("GET", f"{prefix}/{choose.choice(ids)}", port, headers=headers)

    return requests


def creates(path: str, port: int, headers: dict[str, str], turn: int):
    def requests(number: int) -> Iterator[bytes]:
        count = 0
        while True:
            count += 1
            unique = f"{turn}x{number}x{count}"
            customer = AMA | {"email": f"{unique}@example.com"}
            yield request("POST", path, port, headers=headers, body=json.dumps(customer).encode())

    return requests


def measure(folder: Path) -> dict[str, float]:
    book = Book(f"sqlite:///{folder}/book.db", folder)
    with book.app.app_context():
        cast.hire()
        load_people(CUSTOMERS, seed=1, progress=lambda _: None)
        _, secret = api_keys.create_key(
            name="Bench", scopes=["read", "write"], by=cast.actor("Adwoa")
        )
        ids = [str(customer_id) for customer_id in db.session.scalars(select(Customer.id))]
    rates: defaultdict[str, list[float]] = defaultdict(list)
    with (
        running_server(book.url, folder / "log", **WITHOUT_LIMITS) as address,
        served(*GUNICORN, "bench.bare:app", BARE_DATABASE=str(folder / "bare.db")) as bare,
    ):
        port = urlsplit(address).port or 0
        for turn in range(TURNS + 1):
            for name, (where, requests) in plans_of(port, bare, secret, ids, turn).items():
                found = rate(where, requests, SECONDS)
                if turn:  # the first turn is a warm-up
                    rates[name].append(found)
    book.close()
    return {name: statistics.median(found) for name, found in rates.items()}


def plans_of(port: int, bare: int, secret: str, ids: list[str], turn: int) -> dict[str, Plan]:
    """Each plan by name: the port, and the requests to send."""
    key = {"Authorization": f"Bearer {secret}"}
    return {
        "bare view, read": (bare, fetches("/bare", ids, bare, {})),
        "GET customers/{id}": (port, fetches("/api/v1/customers", ids, port, key)),
        "bare view, parse": (bare, creates("/bare", bare, {}, turn)),
        "bare durable insert": (bare, creates("/insert", bare, {}, turn)),
        "POST customers": (port, creates("/api/v1/customers", port, key, turn)),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        rates = measure(Path(name))
    read = rates["GET customers/{id}"] / rates["bare view, read"]
    create = rates["POST customers"] / rates["bare durable insert"]
    for name, found in rates.items():
        print(f"{name:24} {found:8,.0f} requests/s")
    print(
        f"reading: {read:.0%} of the bare view; creating: {create:.0%} of the bare durable insert"
    )
    print(
        f"          creating: {rates['POST customers'] / rates['bare view, parse']:.0%} of "
        "the view that only parses"
    )
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(
        json.dumps(
            {"machine": platform.platform(), "cpus": os.cpu_count(), "rates": rates}, indent=2
        )
    )


if __name__ == "__main__":
    main()
