"""`flask --app wsgi history verify` names any tampering with the history, even by somebody with the
database's password.
"""

import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.cast import SOMEBODY, actor, add
from tests.support.commands import run
from tests.support.tampering import tampering
from webapp import subjects
from webapp.blacklist import opening
from webapp.blacklist.reviewing import review
from webapp.customers import edit, erase
from webapp.history import verify
from webapp.kernel.database import db
from webapp.staff import members, second_factor
from webapp.transfer.samples.load import load_people

WORDS = ["history", "verify"]
# By column of the entry: an SQL expression for a different value.
OTHER = {
    "at": "at + 1",
    "kind": "'upheld'",
    "version": "version + 1",
    "based_on": "coalesce(based_on, 0) + 1",
    "actor_kind": "'key'",
    "actor_id": "coalesce(actor_id, 0) + 1",
    "actor_name": "actor_name || ' '",
    "door": "'api'",
    "request_id": "'another-request'",
}


def check(book):
    return run(book, *WORDS)


@pytest.fixture
def filled(inside):
    """A book in which most things have happened; Kofi's history has five entries."""
    members.add_member(email="adwoa@example.com", name="Adwoa", role="admin", by=SOMEBODY)
    esi, _ = members.add_member(email="esi@example.com", name="Esi", role="agent", by=SOMEBODY)
    members.change_role(esi.id, role="manager", by=actor("Adwoa"))
    members.set_active(esi.id, active=False, by=actor("Adwoa"))
    members.set_active(esi.id, active=True, by=actor("Adwoa"))
    second_factor.require_for(["admin"], by=actor("Adwoa"))
    inside.kofi, inside.gone = (
        add(reference="KOFI"),
        add(email="gone@example.com", reference="GONE"),
    )
    live_through(inside.kofi)
    live_through_and_go(inside.gone)
    return inside


def live_through(kofi):
    edit.change(kofi.id, {"first_name": "Kwesi"}, based_on=1, by=actor("Esi"))
    for reason in ("fraud", "other"):
        case = opening.open_case(kofi.id, reason=reason, note="Said “no”.", by=actor("Esi")).case
        if reason == "fraud":
            review.lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Adwoa"))


def live_through_and_go(gone):
    case = opening.open_case(gone.id, reason="fraud", note="Gone.", by=actor("Esi")).case
    review.lift(gone.id, case_seq=case.seq, note="Gone.", by=actor("Adwoa"))
    erase.delete_customer(gone.id, by=actor("Adwoa"))


def found_after(book, *statements, **values):
    with tampering(book) as sql:
        for statement in statements:
            assert sql(statement, **values).rowcount, statement
        status, output = check(book)
        assert status == 1, output
        fault = r"Entry (\d+) of (\w+) (\S+) (.+?)(?: \(content \w+\))?\.\n"
        return re.match(fault, output).groups()


def test_an_untouched_history_is_as_it_was_written(filled):
    assert check(filled) == (0, "15 entries about 8 subjects: all are as they were written.\n")


class Meanwhile(dict):
    """The present records, with a change by somebody else between reading the
    entries and reading the records.
    """

    def __init__(self, present, change):
        super().__init__(present)
        self.change = change

    def items(self):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(self.change).result()
        return super().items()


def test_changes_made_while_it_runs_are_no_faults(filled):
    kofi_id, by = filled.kofi.id, actor("Esi")

    def change():
        with filled.app.app_context():
            edit.change(kofi_id, {"first_name": "Yaw"}, by=by)

    db.session.remove()
    tally, later = verify.Tally(), verify.Tally()
    assert list(verify.faults(Meanwhile(subjects.everybody(), change), tally)) == []
    db.session.remove()
    assert list(verify.faults(subjects.everybody(), later)) == []
    assert (tally.entries, later.entries) == (15, 16)


def test_sample_people_have_a_history_that_holds(inside):
    load_people(200, seed=7, progress=lambda _: None)
    status, output = check(inside)
    assert status == 0
    assert "about 200 subjects" in output


WHERE = "WHERE subject = 'customer' AND subject_seq = :seq AND number = :number"


@pytest.mark.parametrize("column", OTHER)
def test_an_entry_that_says_something_else_is_named(filled, column):
    statement = f"UPDATE history_entry SET {column} = {OTHER[column]} {WHERE}"
    number, kind, name, what = found_after(filled, statement, seq=filled.kofi.seq, number=3)
    assert (number, kind, name) == ("3", "customer", str(filled.kofi.id))
    assert what.startswith("was altered")


@pytest.mark.parametrize("column", ["digest", "seal"])
def test_an_altered_digest_or_seal_is_named(filled, column):
    statement = (
        f"UPDATE history_entry SET {column} = (SELECT salt FROM history_values {WHERE}) {WHERE}"
    )
    assert found_after(filled, statement, seq=filled.kofi.seq, number=2)[0] == "2"


@pytest.mark.parametrize("column", ["old", "new"])
def test_other_values_are_named(filled, column):
    statement = f'UPDATE history_values SET {column} = \'{{"first_name":"Yaw"}}\' {WHERE}'
    assert found_after(filled, statement, seq=filled.kofi.seq, number=2) == (
        "2", "customer", str(filled.kofi.id), "has other values than were written",
    )  # fmt: skip


def test_fields_that_are_not_those_of_the_entry_are_named(filled):
    statement = f"UPDATE history_entry SET fields = '[\"email\"]' {WHERE}"
    assert found_after(filled, statement, seq=filled.kofi.seq, number=2)[0] == "2"


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_missing_entry_is_named_also_the_last(filled, number):
    statements = [f"DELETE FROM history_values {WHERE}", f"DELETE FROM history_entry {WHERE}"]
    found = found_after(filled, *statements, seq=filled.kofi.seq, number=number)
    assert found == (str(number), "customer", str(filled.kofi.id), "is missing")


def test_a_whole_history_that_is_gone_is_named(filled):
    where = "WHERE subject = 'customer' AND subject_seq = :seq"
    statements = [f"DELETE FROM history_values {where}", f"DELETE FROM history_entry {where}"]
    assert found_after(filled, *statements, seq=filled.kofi.seq)[:2] == ("1", "customer")


def test_entries_in_another_order_are_named(filled):
    moved = [
        "number = 99 WHERE number = 2",
        "number = 2 WHERE number = 3",
        "number = 3 WHERE number = 99",
    ]
    kofi = "AND subject = 'customer' AND subject_seq = :seq"
    tables = ("history_values", "history_entry")
    statements = [f"UPDATE {table} SET {move} {kofi}" for move in moved for table in tables]
    number, _, name, what = found_after(filled, *statements, seq=filled.kofi.seq)
    assert (number, name) == ("2", str(filled.kofi.id))
    assert "moved here" in what


def test_an_entry_moved_to_somebody_else_is_missed_and_found(filled):
    tables = ("history_values", "history_entry")
    statements = [f"UPDATE {table} SET subject_seq = :other {WHERE}" for table in tables]
    found = found_after(filled, *statements, seq=filled.kofi.seq, number=5, other=999)
    assert found == ("5", "customer", str(filled.kofi.id), "is missing")


def test_values_erased_without_a_deletion_are_named(filled):
    statement = f"DELETE FROM history_values {WHERE}"
    found = found_after(filled, statement, seq=filled.kofi.seq, number=4)
    assert (found[0], found[3]) == ("4", "has lost its values")


def test_a_customer_who_vanished_without_a_tombstone_is_named(filled):
    found = found_after(filled, "DELETE FROM tombstone")
    assert found[:3] == ("4", "customer", str(filled.gone.seq))
    found = found_after(filled, "DELETE FROM customer")
    assert found[0] == "5"


def test_a_record_that_was_put_back_is_named(filled):
    found = found_after(filled, "UPDATE customer SET version = 2, first_name = 'Kofi'")
    assert (found[0], found[3]) == ("3", "tells of a change that was taken back without an entry")


@pytest.mark.parametrize("kind", ["staff", "role"])
def test_staff_and_roles_are_checked_too(filled, kind):
    statement = (
        f"UPDATE history_entry SET actor_name = 'Nobody' WHERE subject = '{kind}' AND number = 1"
    )
    assert found_after(filled, statement)[1] == kind


COLUMNS = [
    *(("history_entry", name) for name in (*OTHER, "fields", "digest", "seal")),
    *(("history_values", name) for name in ("salt", "old", "new")),
]


def test_any_byte_that_changes_is_found(filled):
    """On SQLite, whose columns accept any bytes, 150 single bytes are changed, one at a time."""
    if filled.kind != "sqlite":
        statement = (
            "UPDATE history_entry SET seal = set_byte(seal, "
            f"31, (get_byte(seal, 31) + 1) % 256) {WHERE}"
        )
        assert found_after(filled, statement, seq=filled.kofi.seq, number=4)[0] == "4"
        return
    choose = random.Random(3)
    for _ in range(150):
        (table, column), number = choose.choice(COLUMNS), choose.randint(1, 5)
        place = {"seq": filled.kofi.seq, "number": number}
        with tampering(filled) as sql:
            if not damage_a_byte(sql, choose, table, column, place):
                continue
            status, output = check(filled)
            assert status == 1, (table, column, place)
            assert output.startswith(f"Entry {number} of customer {filled.kofi.id} "), output


def damage_a_byte(sql, choose, table, column, place):
    """Damage one byte; returns whether the stored value changed. NULL has no bytes, and a number
    may stay the same, such as 1 read from `1x`.
    """
    stored_bytes = f"SELECT CAST({column} AS BLOB) FROM {table} {WHERE}"
    kind = sql(f"SELECT typeof({column}) FROM {table} {WHERE}", **place).scalar()
    if kind == "null":
        return False
    stored = sql(stored_bytes, **place).scalar()
    position = choose.randrange(len(stored))
    other = (stored[position] + choose.randrange(1, 256)) % 256
    damaged = stored[:position] + bytes([other]) + stored[position + 1 :]
    sql(f"UPDATE {table} SET {column} = CAST(:damaged AS {kind}) {WHERE}", damaged=damaged, **place)
    return sql(stored_bytes, **place).scalar() != stored
