"""What entries of an earlier edition do not say is written down as it was found."""

import random

import pytest
from sqlalchemy import func, select, text

from tests.support.cast import actor, add
from tests.support.forging import alter, forge
from tests.support.histories import faults_in_histories
from tests.support.tampering import tampering
from webapp import subjects
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.reviewing import review
from webapp.customers import erase, notes
from webapp.customers.models import Customer
from webapp.history import found, log
from webapp.history.book import set_fact
from webapp.history.entries import HistoryEntry
from webapp.history.found import Blocks
from webapp.history.rows import FOUND
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.transfer.samples.load import load_people

SIZE = 1_200
# What no entry of a bulk load says, by what is done to it.
TAMPERINGS = {
    "an id": ("UPDATE customer SET id = :id WHERE seq = 7", "another id in details"),
    "a number of a case": (
        "UPDATE blacklisting SET seq = 99999 WHERE seq = 1",
        "another seq in case",
    ),
    "who is accountable": (
        "UPDATE blacklisting SET accountable_id = 1 WHERE seq = 1",
        "another accountable_id in case",
    ),
    "a removal that a manager must see": (
        "UPDATE blacklisting SET to_check = true WHERE seq ="
        " (SELECT min(seq) FROM blacklisting WHERE closed_at IS NOT NULL)",
        "another to_check in case",
    ),
    "a number of a review": (
        "UPDATE review SET seq = 99999 WHERE seq = 1",
        "another seq in review",
    ),
}


@pytest.fixture
def samples(staffed):
    load_people(SIZE, seed=5, progress=lambda _: None)
    return staffed


def complete():
    db.session.rollback()
    done = []
    found.complete(subjects.UNTOLD, progress=done.append)
    log.catch_up()
    return sum(done)


def blocks():
    of_blocks = select(func.count()).where(HistoryEntry.subject == FOUND)
    return db.session.scalar(of_blocks)


def test_a_bulk_load_is_completed_once(samples):
    assert faults_in_histories() == []
    assert found.are_untold()
    assert complete() == SIZE
    assert not found.are_untold()
    assert blocks() == SIZE / found.BLOCK
    assert faults_in_histories() == []
    assert complete() == 0


def test_an_interrupted_run_goes_on(samples):
    def stop(_):
        raise KeyboardInterrupt

    db.session.rollback()
    with pytest.raises(KeyboardInterrupt):
        found.complete(subjects.UNTOLD, progress=stop)
    assert found.are_untold()
    assert complete() == SIZE - found.BATCH
    assert faults_in_histories() == []


def test_only_those_who_are_asked_for_are_read(samples):
    complete()
    dice, everybody = random.Random(7), range(1, SIZE + 50)
    one_by_one = Blocks().about("customer")
    whole = {seq: one_by_one.of(seq) for seq in everybody}
    assert [seq for seq, piece in whole.items() if piece] == list(range(1, SIZE + 1))
    for number in (1, 3, 40, 700):
        step = Blocks().about("customer")
        for seq in sorted(dice.sample(everybody, number)):
            assert step.of(seq) == whole[seq], seq
    assert Blocks().about("staff").of(1) is None


def test_what_was_found_is_proved_from_then_on(samples):
    complete()
    id_ = bytes(16) if samples.kind == "sqlite" else "0" * 32
    for name, (statement, what) in TAMPERINGS.items():
        with tampering(samples) as sql:
            assert sql(statement, **({"id": id_} if ":id" in statement else {})).rowcount, name
            sentences = [fault for fault in faults_in_histories() if what in fault]
            assert sentences, name
    assert faults_in_histories() == []


def test_what_entries_said_is_not_overruled_by_what_is_found_later(staffed):
    """Somebody with the database changes rows and has them found anew."""
    kofi = add()
    opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
    api_keys.create_key(name="Shop", scopes=["read"], by=actor("Adwoa"))
    db.session.rollback()
    for statement in (
        "UPDATE blacklisting SET reason = 'abuse', accountable_id = 99",
        "UPDATE api_key SET scopes = '[\"write\"]'",
    ):
        db.session.execute(text(statement))
    db.session.commit()
    with writing():
        set_fact(found.UNTOLD, "")
    complete()
    faults = faults_in_histories()
    for what in ("another reason in case", "another accountable_id in case", "another scopes"):
        assert any(what in fault for fault in faults), (what, faults)


def test_a_note_that_was_edited_before_it_was_found_is_not_called_wrong(staffed):
    kofi = add()
    note = notes.add_note(kofi.id, "First.", by=actor("Esi"))
    log.catch_up()
    with tampering(staffed) as sql:  # as an early edition wrote it
        alter("customer", kofi.seq, 2, number=None)
        forge(sql)
        db.session.commit()
    notes.edit_note(kofi.id, note.seq, "Second.", by=actor("Esi"))
    with writing():
        set_fact(found.UNTOLD, "")
    complete()
    assert not [fault for fault in faults_in_histories() if "in note" in fault]


def test_a_block_that_is_gone_or_altered_is_named(samples):
    complete()
    for statement, what in (
        ("DELETE FROM history_entry WHERE subject = 'found'", "is in the log, but not in the"),
        ("UPDATE history_values SET new = '{}' WHERE subject = 'found'", "has other values than"),
    ):
        with tampering(samples) as sql:
            sql(statement)
            faults = faults_in_histories()
            assert any(what in fault for fault in faults), (statement, faults[:3])


def test_lives_go_on_and_end_after_that(samples):
    complete()
    open_case = select(Blacklisting).where(Blacklisting.closed_at.is_(None)).limit(1)
    case = db.session.scalar(open_case)
    customer_id = db.session.scalar(select(Customer.id).where(Customer.seq == case.customer_seq))
    review.lift(customer_id, case_seq=case.seq, note="Paid.", by=actor("Ama"))
    assert faults_in_histories() == []
    erase.delete_customer(customer_id, by=actor("Ama"))
    assert faults_in_histories() == []
