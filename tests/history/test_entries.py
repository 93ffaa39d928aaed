"""The history: append-only, sealed, and provable after its values are erased."""

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError

from tests.support.cast import SOMEBODY, add
from webapp.customers import edit
from webapp.history.entries import (
    FIRST_SEAL,
    HistoryEntry,
    HistoryValues,
    entries_of,
    entry_seal,
    first_entry,
    values_digest,
)
from webapp.kernel.database import db, writing

pytestmark = pytest.mark.usefixtures("inside")
SAID = [
    "subject",
    "subject_seq",
    "number",
    "at",
    "kind",
    "fields",
    "version",
    "based_on",
    "actor_kind",
    "actor_id",
    "actor_name",
    "door",
    "request_id",
    "digest",
]


def chain_holds(entries):
    seal = FIRST_SEAL
    for entry in entries:
        said = {name: getattr(entry, name) for name in SAID}
        if entry_seal(said, seal) != entry.seal:
            return False
        seal = entry.seal
    return True


@pytest.fixture
def kofi():
    customer = add()
    for name in ("Kwesi", "Kwame", "Yaw"):
        edit.change(customer.id, {"first_name": name}, based_on=customer.version, by=SOMEBODY)
    return customer


def test_entries_form_a_chain(kofi):
    entries = entries_of(kofi.subject)[::-1]
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert chain_holds(entries)
    assert not chain_holds([entries[0], entries[2], entries[1], entries[3]])
    assert not chain_holds(entries[1:])


def test_a_seal_covers_everything_that_an_entry_says(kofi):
    entry = entries_of(kofi.subject)[-1]
    for name in SAID:
        said = {other: getattr(entry, other) for other in SAID} | {
            name: _other(getattr(entry, name))
        }
        assert entry_seal(said, FIRST_SEAL) != entry.seal, name


def _other(value):
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if hasattr(value, "replace") and hasattr(value, "year"):
        return value.replace(year=value.year - 1)
    return "other" if not isinstance(value, int) else value + 1


def test_the_digest_is_that_of_the_values(kofi):
    for entry in entries_of(kofi.subject):
        stored = entry.values
        assert values_digest(stored.salt, stored.old, stored.new) == entry.digest


def test_the_chain_holds_after_values_were_erased(kofi):
    with writing():
        db.session.execute(delete(HistoryValues))
    entries = entries_of(kofi.subject)[::-1]
    assert all(entry.values is None for entry in entries)
    assert chain_holds(entries)


@pytest.mark.parametrize(
    "statement", ["UPDATE history_entry SET actor_name = 'Nobody'", "DELETE FROM history_entry"]
)
def test_the_database_refuses_to_change_an_entry(kofi, statement):
    with pytest.raises(DBAPIError, match="append-only"), writing():
        db.session.execute(text(statement))
    assert first_entry(kofi.subject).actor_name == "Somebody"


def test_a_failed_transaction_leaves_no_entry(kofi):
    with pytest.raises(RuntimeError), writing():
        edit.change(kofi.id, {"first_name": "X"}, by=SOMEBODY)
        raise RuntimeError
    assert db.session.query(HistoryEntry).count() == 4
