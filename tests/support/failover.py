"""Kills the primary while people write, promotes the standby, and checks what became of every
acknowledged write.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import select

from tests.api.program import Answer, Program
from tests.support import cast
from tests.support.books import settings_for
from tests.support.cluster import Cluster
from tests.support.histories import faults_in_histories
from tests.support.server import running_server
from webapp.assembly import create_app
from webapp.customers.models import Customer
from webapp.history import changes
from webapp.history.entries import HistoryValues
from webapp.kernel.database import db
from webapp.programs import api_keys

WRITERS, SERVERS = 8, 2
WITHOUT_LIMIT = {"GATEBOOK_API_REQUESTS_PER_MINUTE": "1000000"}
PAUSE = 0.02


@dataclass
class Writer:
    """Keeps adding and editing customers through one server, and remembers what was acknowledged.

    Attributes:
        answers: How often each status came; `unavailable` is a 503 as API.md defines it.
        added: The ids of customers acknowledged as added.
        edited: The last names acknowledged as written, each used once.
        accepted_at: When each write was acknowledged, on the monotonic clock.
    """

    number: int
    address: str
    secret: str
    answers: Counter[str] = field(default_factory=Counter)
    added: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    accepted_at: list[float] = field(default_factory=list)

    def write_until(self, stop: Event) -> None:
        random, turn = Random(self.number), 0
        while not stop.is_set():
            turn += 1
            name = f"W{self.number}T{turn}N{time.time_ns():x}"
            if self.added and random.random() < 0.5:
                self._edit(random.choice(self.added), name)
            else:
                self._add(name)

    def _add(self, name: str) -> None:
        body = {"firstName": "Ama", "lastName": name, "email": f"{name}@example.com"}
        customer = self._ask("POST", "customers", body)
        if customer:
            self.added.append(customer["id"])

    def _edit(self, customer_id: str, name: str) -> None:
        if self._ask("PATCH", f"customers/{customer_id}", {"lastName": name}):
            self.edited.append(name)

    def _ask(self, method: str, path: str, body: dict[str, str]) -> Any:
        """Send a request and count the status; returns the data if the request was accepted."""
        program = Program(self.address, self.secret)
        answer = program.call(method, path, body)
        program.close()
        self.answers[_kind_of(answer)] += 1
        if answer.status not in (200, 201):
            time.sleep(PAUSE)
            return None
        self.accepted_at.append(time.monotonic())
        return answer.data


def _kind_of(answer: Answer) -> str:
    is_as_promised = (
        answer.status == 503 and answer.code == "unavailable" and "Retry-After" in answer.headers
    )
    return "unavailable" if is_as_promised else str(answer.status)


@dataclass(frozen=True)
class Site:
    """Application servers on one cluster."""

    cluster: Cluster
    addresses: Sequence[str]
    secret: str

    def writers(self) -> list[Writer]:
        return [
            Writer(number, self.addresses[number % SERVERS], self.secret)
            for number in range(WRITERS)
        ]


@contextmanager
def inside(url: str) -> Iterator[None]:
    """The application context on this database, closing all connections at the end."""
    with create_app(settings_for(url)).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


@contextmanager
def running_site(cluster: Cluster, folder: Path, **settings: str) -> Iterator[Site]:
    """A migrated book with staff, and two application servers that run until the
    end of the context.
    """
    with inside(cluster.url):
        upgrade()
        cast.hire()
        secret = api_keys.create_key(
            name="Writers", scopes=["read", "write"], by=cast.actor("Ama")
        )[1]
    with ExitStack() as stack:
        servers = [
            running_server(cluster.url, folder / f"log{n}", **WITHOUT_LIMIT | settings)
            for n in range(SERVERS)
        ]
        yield Site(cluster, [stack.enter_context(server) for server in servers], secret)


@contextmanager
def writing_by(writers: Sequence[Writer]) -> Iterator[None]:
    """All of them write until the context ends."""
    stop = Event()
    threads = [Thread(target=writer.write_until, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def kill_under_load(site: Site, writers: Sequence[Writer], *, seconds: float) -> float:
    """Kill the primary after some seconds of writing, promote the standby, and let
    the writers go on.

    Returns:
        Seconds from the promotion to the first acknowledged write.
    """
    with writing_by(writers):
        time.sleep(seconds)
        site.cluster.fail_over()
        promoted = time.monotonic()
        time.sleep(seconds)
    after = [moment for writer in writers for moment in writer.accepted_at if moment > promoted]
    return min(after) - promoted if after else float("inf")


@dataclass(frozen=True)
class Count:
    """What became of the acknowledged writes: how many there were, which were lost,
    and what is inconsistent.
    """

    acknowledged: int
    lost: list[str]
    broken: list[str]


def count(site: Site, writers: Sequence[Writer]) -> Count:
    """Look up each acknowledged write, and check the projections and every history."""
    with inside(site.cluster.url):
        there = {str(found) for found in db.session.scalars(select(Customer.id))}
        written = {
            new.get("last_name") for new in db.session.scalars(select(HistoryValues.new)) if new
        }
        broken = [*changes.faults(), *faults_in_histories()]
    lost = [one for writer in writers for one in writer.added if one not in there]
    lost += [name for writer in writers for name in writer.edited if name not in written]
    return Count(sum(len(writer.accepted_at) for writer in writers), lost, broken)
