"""Whoever follows the feed while many write misses nothing, and reads nothing twice."""

import random
import time
from collections import Counter
from multiprocessing import get_context

import pytest
from sqlalchemy import select

from tests.support.books import settings_for
from tests.support.cast import SOMEBODY, add
from tests.support.proofs import rounds
from tests.support.writers import writing_processes
from webapp.assembly import create_app
from webapp.customers import edit
from webapp.history.entries import HistoryEntry
from webapp.kernel.database import db, writing
from webapp.programs.change_feed import changes_from

PROCESSES, WRITES = rounds(3, 8), rounds(80, 12_500)
KILLS, HELD_OPEN = rounds(5, 100), rounds(0, 60)


class Reader:
    """Follows the feed from its beginning.

    Attributes:
        seen: The customer and the version of each change, in the order of reading.
    """

    def __init__(self):
        self.seen, self.start = [], 0

    def read(self, take=7):
        while True:
            stretch = changes_from(self.start, take=take)
            assert stretch.end >= self.start
            self.seen += [(told.customer_seq, told.version) for told in stretch.changes]
            self.start = stretch.end
            db.session.rollback()
            if not stretch.has_more:
                return


def entries():
    entry = HistoryEntry
    query = select(entry.subject_seq, entry.version).where(entry.subject == "customer")
    return {tuple(row) for row in db.session.execute(query)}


def test_no_change_is_missed_or_read_twice(book, figure):
    reader, sizes = Reader(), set()
    with book.app.app_context():
        with writing_processes(book.url, processes=PROCESSES, writes=WRITES) as they_write:
            while they_write():
                reader.read()
                sizes.add(len(reader.seen))
                time.sleep(0.05)
        reader.read()
        assert len(sizes) > 5, "it read while they wrote"
        assert set(reader.seen) == entries()
        assert Counter(reader.seen).most_common(1)[0][1] == 1
        assert all(one[1] < other[1] for one, other in pairs_of_one_customer(reader.seen))
    figure(f"feed on {book.kind}: {len(reader.seen)} changes of {PROCESSES} processes, each once")


def pairs_of_one_customer(seen):
    last = {}
    for one in seen:
        if one[0] in last:
            yield last[one[0]], one
        last[one[0]] = one


@pytest.mark.only_on("postgresql")
def test_what_is_held_open_comes_after_what_was_committed_meanwhile(book):
    """Numbers are given once a change is committed: the slow one gets a later number."""
    reader = Reader()
    with book.app.app_context():
        add(email="early@example.com", phone=None)
        db.session.remove()
    with book.app.app_context(), writing():
        slow = add(email="slow@slow.example", first_name="Slow", phone=None).seq
        with book.app.app_context():
            quick = add(email="quick@quick.example", first_name="Quick", phone=None)
            edit.change(quick.id, {"last_name": "Quicker"}, by=SOMEBODY)
            reader.read()
            assert (slow, 1) not in reader.seen
            assert (quick.seq, 2) in reader.seen
            time.sleep(HELD_OPEN)
            reader.read()
            assert (slow, 1) not in reader.seen
            db.session.remove()
    with book.app.app_context():
        reader.read()
        assert reader.seen[-1] == (slow, 1)
        assert set(reader.seen) == entries()


def read_forever(url):
    """A reader who, on PostgreSQL, also numbers what others have written."""
    with create_app(settings_for(url)).app_context():
        while True:
            Reader().read(take=500)


def test_readers_who_number_may_be_killed_at_any_moment(book, figure):
    reader, dice = Reader(), random.Random(3)
    with book.app.app_context():
        with writing_processes(book.url, processes=2, writes=WRITES) as they_write:
            for _ in range(KILLS):
                victim = get_context("fork").Process(target=read_forever, args=(book.url,))
                victim.start()
                time.sleep(0.3 + dice.random() / 3)
                reader.read(take=500)
                victim.kill()
                victim.join()
            while they_write():
                reader.read(take=500)
                time.sleep(0.05)
        reader.read(take=500)
        assert set(reader.seen) == entries()
        assert len(reader.seen) == len(set(reader.seen))
    figure(f"feed on {book.kind}: {KILLS} readers killed, {len(reader.seen)} changes, each once")
