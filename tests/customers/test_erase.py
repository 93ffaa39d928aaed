"""Deleting a customer: nothing personal is left anywhere, and the history can still be verified."""

import time
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from tests.support.brute import faults
from tests.support.cast import actor, add
from webapp.blacklist import opening
from webapp.blacklist.case import closed_cases
from webapp.blacklist.reviewing import review
from webapp.customers import edit, erase, finding, notes, register
from webapp.customers.changes import CustomerDeleted
from webapp.customers.models import new_id
from webapp.history import changes
from webapp.history.entries import entries_of, first_entry
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict
from webapp.programs import api_keys
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.search.paging import page_counts
from webapp.staff import sessions
from webapp.staff.sessions import Place

pytestmark = pytest.mark.usefixtures("staffed")

PERSON = {
    "first_name": "Zzyzxfirst",
    "last_name": "Zzyzxlast",
    "email": "zzyzxmail@example.com",
    "phone": "+2348039990001",
}
TRACES = [b"zzyzx", b"8039990001", b"whispered"]


@pytest.fixture
def somebody():
    """A customer changed, blacklisted with a note, lifted with a note, and now active."""
    customer = add(**PERSON, reference="ORDER-1")
    esi, ama = actor("Esi"), actor("Ama")
    edit.change(customer.id, {"first_name": "Zzyzxother"}, based_on=1, by=esi)
    case = opening.open_case(
        customer.id, reason="other", note="Whispered to Zzyzxlast.", by=esi
    ).case
    edit.change(customer.id, {"phone": None}, based_on=3, by=esi)
    review.lift(customer.id, case_seq=case.seq, note="Whispered back.", by=ama)
    written = notes.add_note(customer.id, "Whispered in a call.", by=esi)
    notes.edit_note(customer.id, written.seq, "Whispered twice in a call.", by=esi)
    return customer


def delete(customer):
    return erase.delete_customer(customer.id, by=actor("Ama"))


def test_a_tombstone_says_who_and_when(somebody):
    tombstone = delete(somebody)
    assert (tombstone.customer_id, tombstone.reference) == (somebody.id, "ORDER-1")
    assert (tombstone.deleted_by_name, tombstone.version) == ("Ama", 8)
    with pytest.raises(CustomerDeleted, match="Ama deleted this customer") as refusal:
        finding.get_customer(somebody.id)
    assert refusal.value.code == "customer_not_found"
    assert refusal.value.tombstone.customer_seq == somebody.seq
    assert results.page_of(CustomerFilter()).total == 0


def test_what_happened_stays_without_its_values(somebody):
    delete(somebody)
    entries = entries_of(somebody.subject)
    kinds = [
        "deleted",
        "note_edited",
        "note_added",
        "lifted",
        "changed_on_blacklist",
        "blacklisted",
        "changed",
        "created",
    ]
    assert [entry.kind for entry in entries] == kinds
    assert [entry.values is None for entry in entries] == [False] + [True] * 7
    (case,) = closed_cases(somebody.seq)
    assert (case.reason, case.outcome, case.opened_by_name) == ("other", "lifted", "Esi")
    assert (case.note, case.closed_note, case.review_note) == (None, None, None)


def test_no_trace_is_left_in_any_table(somebody):
    assert traces_in_tables()
    delete(somebody)
    assert traces_in_tables() == []


def test_no_block_of_names_starts_with_somebody_who_was_deleted(monkeypatch):
    """The page counts know where a block starts by the name of a customer."""
    monkeypatch.setattr(page_counts, "RUN", 4)
    people = [
        add(
            first_name="", last_name=f"Zzyzx{number:02}", email=f"c{number}@example.com", phone=None
        )
        for number in range(24)
    ]
    with writing():
        changes.rebuild()
    for one in people:
        name = one.last_name.lower()
        delete(one)
        with db.engine.connect() as connection:
            starts = set(connection.scalars(text("SELECT key FROM page_block")))
        assert not [start for start in starts if name in start.lower()]
    assert faults() == []


def traces_in_tables():
    with db.engine.connect() as connection:
        return [
            (table, row)
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
            if any(trace.decode() in str(tuple(row)).lower() for trace in TRACES)
        ]


def test_no_trace_is_left_in_the_bytes_of_the_database(somebody, book):
    carried = {
        "unsaved": {"path": "/customers/new", "fields": [["email", PERSON["email"]]]},
        "_flashes": [PERSON],
    }
    with writing():
        token = sessions.begin_session(actor("Esi").id, place=Place(address=""))
    sessions.carry(token, carried)
    assert traces_in_bytes(book)
    delete(somebody)
    db.session.remove()
    assert eventually(lambda: traces_in_bytes(book) == [])


def eventually(holds):
    """Whether it holds within some seconds: VACUUM keeps what a snapshot may still see, and
    autovacuum has one now and then.
    """
    return any(holds() or time.sleep(1) for _ in range(5))


def traces_in_bytes(book):
    """What the files contain after VACUUM; on PostgreSQL only those of the tables, as the WAL is
    recycled separately.
    """
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if book.kind == "sqlite":
            raw = connection.connection.driver_connection
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            files = [one for one in book.path.parent.glob(f"{book.path.name}*") if one.is_file()]
        else:
            connection.execute(text("VACUUM FULL"))
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.scalar(text("SHOW data_directory")))
            own = connection.scalar(
                text("SELECT oid FROM pg_database WHERE datname = current_database()")
            )
            files = [path for path in (folder / "base" / str(own)).rglob("*") if path.is_file()]
    assert files
    return [
        (path.name, trace)
        for path in files
        for trace in TRACES
        if trace in path.read_bytes().lower()
    ]


def test_a_person_has_one_budget_for_their_hands_and_all_their_keys():
    people = [add(email=f"d{number}@example.com", phone=None) for number in range(5)]
    shop, till = (
        api_keys.actor_of(
            api_keys.create_key(name=name, scopes=["write"], by=actor("Ama"))[0], request_id="r"
        )
        for name in ("Shop", "Till")
    )
    done = [
        erase.delete_customer(one.id, by=by, daily_budget=2)
        for one, by in zip(
            people, (actor("Ama"), shop, till, actor("Ama"), actor("Adwoa")), strict=True
        )
    ]
    assert [type(one).__name__ for one in done] == ["Tombstone"] * 2 + ["DeletionRequest"] * 2 + [
        "Tombstone"
    ]


def test_a_blacklisted_customer_is_not_deleted(somebody):
    opening.open_case(somebody.id, reason="fraud", by=actor("Esi"))
    with pytest.raises(Conflict, match="remove the blacklisting first") as refusal:
        delete(somebody)
    assert refusal.value.code == "blacklisted_customer"
    assert finding.get_customer(somebody.id).email == PERSON["email"]
    assert all(entry.values for entry in entries_of(somebody.subject))


def test_a_deleted_customer_can_be_neither_changed_nor_blacklisted_nor_deleted_again(somebody):
    delete(somebody)
    deeds = [
        lambda: edit.change(somebody.id, {"first_name": "A"}, based_on=6, by=actor("Esi")),
        lambda: opening.open_case(somebody.id, reason="fraud", by=actor("Esi")),
        lambda: delete(somebody),
    ]
    for deed in deeds:
        with pytest.raises(CustomerDeleted):
            deed()


def test_the_person_may_come_back_as_a_new_customer(somebody):
    delete(somebody)
    again = add(**PERSON, reference="ORDER-1")
    assert again.id != somebody.id
    assert again.seq > somebody.seq
    assert first_entry(again.subject).kind == "created"


def test_a_submission_of_a_deleted_customer_that_arrives_again_is_somebody_new(book):
    made_before = new_id()
    first = register.register(PERSON, by=actor("Esi"), customer_id=made_before)
    delete(first)
    assert register.register(PERSON, by=actor("Esi"), customer_id=made_before).id != made_before
