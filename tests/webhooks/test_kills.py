"""Whatever is killed, and whenever: a receiver that remembers ids ends with exactly the history."""

import json
import random
import time
from multiprocessing import get_context
from threading import Event

from sqlalchemy import select, text

from tests.support.books import settings_for
from tests.support.cast import actor, hire
from tests.support.proofs import rounds
from tests.support.receivers import receiving
from tests.support.serving import LEASE, serve
from tests.support.writers import patiently, write_much
from webapp.assembly import create_app
from webapp.cli.worker.courier import Courier
from webapp.history.entries import HistoryEntry
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs.webhooks import endpoints
from webapp.programs.webhooks.due import endpoints_due
from webapp.programs.webhooks.handing_out import hand_out

KILLS = rounds(20, 1_000)


def deliver(url):
    """A worker in a process of its own."""
    Courier(create_app(settings_for(url)), lambda: False).run(Event())


def started(work, *arguments):
    process = get_context("fork").Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def kill_one_after_the_other(url):
    """Workers and writers, each at some moment of its work."""
    dice, processes = random.Random(7), {}
    for number in range(KILLS):
        for work in (deliver, write_much):
            if work not in processes or not processes[work].is_alive():
                more = () if work is deliver else (number, 100_000)
                processes[work] = started(work, url, *more)
        time.sleep(0.15 + dice.random() / 3)
        victim = dice.choice([deliver, write_much])
        processes[victim].kill()
        processes[victim].join()
        patiently(end_leases)
    for process in processes.values():
        process.kill()
        process.join()


def end_leases():
    """Of a worker that was killed, for whose end nobody waits here."""
    with writing():
        db.session.execute(text("UPDATE webhook_endpoint SET leased_until = NULL"))


def serve_the_rest():
    end_leases()
    with writing():
        now = "UPDATE webhook_delivery SET next_at = 1 WHERE next_at IS NOT NULL"
        db.session.execute(text(now))
    while endpoints_due(LEASE, clock.now()) or hand_out():
        serve()


def test_the_receiver_ends_with_the_history(book, figure):
    with receiving() as receiver, book.app.app_context():
        hire()
        raw = {"url": receiver.address}
        endpoints.add_endpoint(raw, by=actor("Adwoa"), loopback=True)
        db.session.remove()
        kill_one_after_the_other(book.url)
        serve_the_rest()
        first = {
            message.id: json.loads(message.body)["data"] for message in receiver.messages[::-1]
        }
        came = [first[each] for each in dict.fromkeys(receiver.ids)]
        entry = HistoryEntry
        query = select(entry.subject_seq, entry.version).where(entry.subject == "customer")
        happened = len(db.session.execute(query).all())
    assert len(came) == happened > 0
    last: dict[str, int] = {}
    for data in came:
        assert data["version"] > last.get(data["customerId"], 0), "in order for each customer"
        last[data["customerId"]] = data["version"]
    figure(
        f"webhooks on {book.kind}: {KILLS} kills, {happened} changes, "
        f"{len(receiver.messages) - happened} sent twice"
    )
