"""Tampering that no chain shows by itself: the log of all entries does."""

import pytest

from tests.support.cast import actor, add, remove
from tests.support.histories import faults_in_histories
from tests.support.tampering import tampering
from webapp import subjects
from webapp.blacklist import opening
from webapp.customers import edit
from webapp.history import log, verify
from webapp.kernel.database import db, writing

pytestmark = pytest.mark.usefixtures("staffed")
KOFI = "subject = 'customer' AND subject_seq = :kofi"
GONE = "subject = 'customer' AND subject_seq = :gone"
EDITS = 260
LAST_ENTRY = [
    f"DELETE FROM history_values WHERE {KOFI} AND number = 3",
    f"DELETE FROM history_entry WHERE {KOFI} AND number = 3",
    "UPDATE customer SET version = 2 WHERE seq = :kofi",
]

# By what is done: the statements, and what is said of which entry or event.
TAMPERINGS = {
    "a customer removed whole, with chain and cases": (
        [
            f"DELETE FROM history_values WHERE {KOFI}",
            f"DELETE FROM history_entry WHERE {KOFI}",
            "DELETE FROM case_identifier",
            "DELETE FROM blacklisting WHERE customer_seq = :kofi",
            "DELETE FROM customer WHERE seq = :kofi",
        ],
        {("customer", number, "is in the log, but not in the history") for number in (1, 2, 3)},
    ),
    "every trace of a deletion": (
        [f"DELETE FROM history_entry WHERE {GONE}", "DELETE FROM tombstone"],
        {("customer", number, "is in the log, but not in the history") for number in (1, 2)},
    ),
    "a last entry removed with its version": (
        [*LAST_ENTRY],
        {("customer", 3, "is in the log, but not in the history")},
    ),
    "that, and its leaf": (
        [*LAST_ENTRY, f"DELETE FROM log_leaf WHERE {KOFI} AND number = 3"],
        {("log", 4, "is missing, or they are not in their order")},
    ),
    "a leaf of another entry": (
        ["UPDATE log_leaf SET hash = (SELECT hash FROM log_leaf WHERE event = 1) WHERE event = 0"],
        {
            ("customer", 1, "stands otherwise in the log"),
            ("log", 0, "begins 256 events with another hash"),
        },
    ),
    "an entry without a leaf": (
        ["DELETE FROM log_leaf WHERE event = (SELECT max(event) FROM log_leaf)"],
        {("customer", EDITS + 1, "is not in the log")},
    ),
    "two leaves in each other's place": (
        [
            "UPDATE log_leaf SET event = 10000 WHERE event = 0",
            "UPDATE log_leaf SET event = 0 WHERE event = 1",
            "UPDATE log_leaf SET event = 1 WHERE event = 10000",
        ],
        {("log", 0, "begins 256 events with another hash")},
    ),
    "a stored hash": (
        ["UPDATE log_node SET hash = (SELECT hash FROM log_leaf WHERE event = 0)"],
        {("log", 0, "begins 256 events with another hash")},
    ),
    "a stored hash that is gone": (
        ["DELETE FROM log_node"],
        {("log", 0, "begins 256 events with another hash")},
    ),
    "a stored hash too many": (
        [
            "INSERT INTO log_node (level, place, hash) "
            "SELECT 8, 9, hash FROM log_leaf WHERE event = 0"
        ],
        {("log", 2304, "begins a hash of events that are not there")},
    ),
}


@pytest.fixture
def lives(inside):
    """Three people: one blacklisted, one deleted, and one with more entries than a stored hash."""
    kofi, gone, busy = (add(email=f"{name}@example.com", phone=None) for name in "abc")
    edit.change(kofi.id, {"first_name": "Kobina"}, by=actor("Esi"))
    opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
    remove(gone.id)
    for number in range(EDITS):
        edit.change(busy.id, {"first_name": f"Busy {number}"}, by=actor("Esi"))
    with writing():
        log.add_pending(db.session.connection(), wait=True)
    return {"kofi": kofi.seq, "gone": gone.seq}


def test_untouched_they_have_no_fault(lives):
    assert faults_in_histories() == []


def test_each_is_named(book, lives):
    """All of them in one test, because the book takes longer to make than they do to be found."""
    for name, (statements, named) in TAMPERINGS.items():
        with tampering(book) as sql:
            for statement in statements:
                wanted = {key: value for key, value in lives.items() if f":{key}" in statement}
                assert sql(statement, **wanted).rowcount, (name, statement)
            assert {(one.subject.kind, one.number, one.what) for one in found()} == named, name
    assert faults_in_histories() == []


def found():
    present = {kind: said for kind, said in subjects.everybody().items() if kind != "staff"}
    return list(verify.faults(present, verify.Tally()))
