"""Whatever dies, each row of a set is applied once or not at all, and nothing that others did to
the same customers is lost.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import pytest
from sqlalchemy import func, select

from tests.support import cast
from tests.support.books import settings_for
from tests.support.commands import run
from tests.support.proofs import rounds
from tests.support.sets import (
    apply,
    check_import,
    everybody,
    problems_of,
    rows_of,
    table,
    undone,
    work,
)
from webapp.assembly import create_app
from webapp.batches import bulk, change_set, working
from webapp.batches.models import ChangeSet, Kind, Outcome, State
from webapp.customers import edit
from webapp.history.entries import HistoryEntry, entries_of
from webapp.kernel.database import db
from webapp.kernel.refusals import Refusal

KILLS, ROWS = rounds(20, 200), rounds(800, 20_000)
INTERLEAVINGS = rounds(4, 200)


def work_alone(url, seq):
    """A worker in a process of its own, with batches so short that kills fall between many."""
    working.MOST_SECONDS, working.PAUSE_SECONDS = 0.05, 0.01
    app = create_app(settings_for(url))
    with app.app_context():
        folder = app.config["FILES_FOLDER"]
        working.work_on(seq, folder=folder, daily_budget=20, beat=lambda: None)


def kill_now_and_then(book, seq, dice):
    """Start a worker and kill it at some moment, as often as the proof asks, while it has work."""
    kills = 0
    while kills < KILLS and progress_of(seq)[1] == State.CHECKED:
        before = progress_of(seq)[0]
        worker = get_context("fork").Process(target=work_alone, args=(book.url, seq))
        worker.start()
        while worker.is_alive() and progress_of(seq)[0] == before:
            time.sleep(0.005)
        time.sleep(dice.random() / 10)
        kills += worker.is_alive()
        worker.kill()
        worker.join()
    return kills


def progress_of(seq):
    db.session.rollback()
    query = select(ChangeSet.position, ChangeSet.state).where(ChangeSet.seq == seq)
    return db.session.execute(query).one()


def test_each_row_is_applied_once_however_often_the_worker_is_killed(book, tmp_path, figure):
    with book.app.app_context():
        cast.hire()
        ama = cast.actor("Ama")
        rows = [(f"A{n}", "Osei", f"a{n}@kill.example", "", "") for n in range(ROWS)]
        seq = check_import(table(rows), tmp_path, ama).seq
        change_set.apply(seq, above=100, by=ama)
        db.session.remove()
        db.engine.dispose()  # no connection is shared with a process that will be killed
        kills = kill_now_and_then(book, seq, random.Random(18))
        one = work(change_set.find_set(seq))
        assert (one.state, one.counts["done"]) == (State.APPLIED, ROWS)
        assert number_of_entries("created") == len(everybody()) == ROWS
        assert {row.outcome for row in rows_of(one)} == {Outcome.DONE}
        figure(f"{kills} kills of the worker at a set of {ROWS:,} rows on {book.kind}: each once")
        db.session.rollback()
    assert run(book, "book", "check")[0] == 0


def number_of_entries(kind):
    query = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.kind == kind)
    return db.session.scalar(query)


def change_both(number, name, folder, by):
    """A set that gives everybody another first or last name."""
    heads = ("Email", "First name" if name == "first_name" else "Last name")
    rows = [(f"p{n}@mix.example", f"Set {name} {number}") for n in range(6)]
    return check_import(table(rows, heads), folder, by, existing="overwrite").seq


def edit_at_random(app, ids, name, dice, accepted):
    """An editor who corrects one customer after the other, as a form does."""
    with app.app_context():
        by = cast.actor(name)
        for step in range(8):
            customer_id, field = dice.choice(ids), dice.choice(("first_name", "last_name"))
            value = f"{name} {step}"
            try:
                edit.change(customer_id, {field: value}, by=by)
                accepted.append((customer_id, field, value))
            except Refusal:
                pass
        db.session.remove()


def apply_alone(app, seq):
    with app.app_context():
        while working.apply_batch(seq, daily_budget=20):
            pass
        db.session.remove()


def all_at_once(app, seqs, ids, dice, accepted):
    with ThreadPoolExecutor(4) as pool:
        begun = [pool.submit(apply_alone, app, seq) for seq in seqs]
        for name in ("Esi", "Kwame"):
            own = random.Random(dice.random())
            begun.append(pool.submit(edit_at_random, app, ids, name, own, accepted))
        for one in begun:
            one.result()


def add_six():
    details = {"first_name": "First", "last_name": "Last", "phone": ""}
    return [cast.add(email=f"p{n}@mix.example", **details).id for n in range(6)]


def chain_of(customer, field):
    """Old and new values of a field, oldest first."""
    entries = entries_of(customer.subject, limit=None)[::-1]
    return [(entry.old(field), entry.new(field)) for entry in entries if field in entry.fields]


def nothing_is_lost(accepted):
    for customer in everybody():
        for field in ("first_name", "last_name"):
            changes = chain_of(customer, field)
            assert all(before[1] == after[0] for before, after in pairwise(changes))
            assert changes[-1][1] == getattr(customer, field)
            written = {new for _, new in changes}
            assert {v for c, f, v in accepted if (c, f) == (customer.id, field)} <= written


@pytest.mark.parametrize("number", range(INTERLEAVINGS))
def test_two_sets_and_two_editors_lose_nothing(book, tmp_path, number):
    dice, accepted = random.Random(number), []
    with book.app.app_context():
        cast.hire()
        ama, ids = cast.actor("Ama"), add_six()
        seqs = [change_both(number, name, tmp_path, ama) for name in ("first_name", "last_name")]
        for seq in seqs:
            change_set.apply(seq, above=100, by=ama)
        db.session.remove()
        all_at_once(book.app, seqs, ids, dice, accepted)
        nothing_is_lost(accepted)
        for seq in seqs:
            one = change_set.find_set(seq)
            done = sum(one.counts.get(name, 0) for name in ("done", "failed", "unchanged"))
            assert (one.state, done) == (State.APPLIED, 6)


def test_1284_are_blacklisted_and_all_but_three_come_back(staffed, figure):
    number = rounds(60, 1_284)
    ama, esi = cast.actor("Ama"), cast.actor("Esi")
    for n in range(number):
        cast.add(first_name=f"A{n}", last_name=f"O{n}", email=f"m{n}@many.example", phone="")
    seqs = [one.seq for one in everybody()]
    given = {"reason": "fraud", "origin": "All"}
    one = apply(bulk.propose(Kind.BLACKLIST, seqs, by=ama, **given), ama, limit=10_000)
    for place in (3, 30, number - 1):
        edit.change(everybody()[place].id, {"first_name": "Abena"}, by=esi)
    undo = undone(one, ama)
    assert undo.counts == {"change": number - 3, "refused": 3, "done": number - 3}
    assert [customer.blacklisted for customer in everybody()].count(True) == 3
    assert list(problems_of(undo).values()) == [["Esi changed it since: first name"]] * 3
    figure(f"{number:,} blacklisted, 3 changed by hand, {number - 3:,} restored")
