"""`make bench-following`: what programs that follow the book cost those who write: edits alone, and
edits while a worker delivers each of them to two webhooks and a program reads the feed, in
turns.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any

from bench.report import write_section
from tests.support.books import Book, settings_for
from tests.support.cast import SOMEBODY, actor, hire
from tests.support.postgres import postgres_server
from tests.support.receivers import receiving
from webapp.assembly import create_app
from webapp.cli.worker.courier import Courier
from webapp.customers import edit
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.programs.change_feed import changes_from, end_of_feed
from webapp.programs.webhooks import endpoints
from webapp.transfer.samples.load import load_people

PEOPLE, TURNS, EDITS, PAUSE = 2_400, 12, 100, 0.01
HOOKS = 2


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as name, postgres_server() as url:
        for database in (f"sqlite:///{name}/book.db", url):
            rows.append(measured(database, Path(name)))
    table = "\n".join(rows)
    sys.stdout.write(f"{table}\n")
    write_section("make bench-following", table)


def measured(url: str, folder: Path) -> str:
    """The time of an edit, alone and followed, and their ratio; edits come with short pauses, as
    from people, because what is measured is what others cost, not how many cores there are.
    """
    book = Book(url, folder)
    with book.app.app_context(), started(receive) as addresses, started(follow, url):
        hire()
        load_people(PEOPLE, seed=3, progress=lambda _: None)
        ids = list(db.session.scalars(db.select(Customer.id).limit(PEOPLE)))
        hooks = [add_hook(addresses.get()) for _ in range(HOOKS)]
        alone, followed = list[float](), list[float]()
        for turn in range(2 * TURNS):
            is_followed = turn % 2
            for hook in hooks:
                switch = endpoints.switch_on if is_followed else endpoints.switch_off
                switch(hook, by=actor("Adwoa"))
            time.sleep(2)  # what happened meanwhile is delivered
            (followed if is_followed else alone).extend(edits(ids, turn))
    book.close()
    one, other = (1_000 * statistics.median(times) for times in (alone, followed))
    return (
        f"- {book.kind}: an edit takes {one:.1f} ms alone, {other:.1f} ms while {HOOKS} webhooks "
        f"and a reader of the feed follow: {other / one:.2f} times ({TURNS} turns of {EDITS})."
    )


def add_hook(address: str) -> int:
    return endpoints.add_endpoint({"url": address}, by=actor("Adwoa"), loopback=True)[0].id


def edits(ids: list[Any], turn: int) -> Iterator[float]:
    for number in range(EDITS):
        begun = time.perf_counter()
        edit.change(ids[turn * EDITS + number], {"last_name": f"T{turn}"}, by=SOMEBODY)
        yield time.perf_counter() - begun
        time.sleep(PAUSE)


@contextmanager
def started(work: Callable[..., None], *arguments: Any) -> Iterator[Any]:
    """Work in a process of its own; yields the queue in which it puts what it has to say."""
    context = get_context("spawn")
    said = context.Queue()
    process = context.Process(target=work, args=(*arguments, said), daemon=True)
    process.start()
    try:
        yield said
    finally:
        process.kill()
        process.join()


def receive(said: Any) -> None:
    with receiving() as one, receiving() as other:
        for receiver in (one, other):
            said.put(receiver.address)
        Event().wait()


def follow(url: str, _: Any) -> None:
    """A worker that delivers, and beside it a reader who asks for what is new twice a second."""
    app = create_app(settings_for(url))
    courier, place = Courier(app, lambda: False), None
    while True:
        courier.look()
        with app.app_context():
            place = end_of_feed() if place is None else changes_from(place, take=500).end
        time.sleep(0.5)


if __name__ == "__main__":
    main()
