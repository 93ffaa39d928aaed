"""Differences in projections are found and repaired, and some cannot arise at all."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.support.brute import faults
from tests.support.cast import SOMEBODY, add
from tests.support.commands import run
from tests.support.histories import faults_in_histories
from webapp.blacklist import opening
from webapp.customers import erase, finding
from webapp.history import changes
from webapp.history.entries import entries_of
from webapp.history.of_book import BOOK
from webapp.kernel.database import db, writing
from webapp.search.filters import CustomerFilter
from webapp.search.results import page_of

CORRUPTIONS = {
    "a count": "UPDATE page_block SET customers = customers + 1 "
    "WHERE dial_code = '' AND sort = 'name'",
    "a count of the blacklisted": "UPDATE page_block SET blacklisted = blacklisted + 1 "
    "WHERE sort = 'updated'",
    "a lost block": "DELETE FROM page_block WHERE sort = 'created' AND dial_code <> ''",
    "no blocks": "DELETE FROM page_block",
    "a number of cases": "UPDATE case_tally SET number = number + 1 WHERE figure = 'reason'",
    "what cases are counted by": "UPDATE counted_cases SET reason = 'abuse'",
    "no counts of cases": "DELETE FROM counted_cases",
    "an unknown text": "UPDATE customer SET search = search || '  nobody' WHERE seq = 2",
    "a wrong time": "UPDATE customer SET waits_from = 5 WHERE seq = 1",
}

# These contradict the history: what would be derived from them would wipe their traces.
CONTRADICTIONS = {
    "a change past the service": "UPDATE customer SET dial_code = '+234' WHERE seq = 2",
    "a row past the service": "DELETE FROM customer WHERE seq = 3",
    "no case": "UPDATE blacklisting SET closed_at = 5, outcome = 'lifted' WHERE seq = 1",
}


@pytest.fixture
def ten(on_sqlite, small_blocks):
    for number in range(10):
        add(email=f"c{number}@example.com", country="GH", phone=None, last_name=f"Name{number}")
    opening.open_case(finding.find_by_email("c0@example.com").id, reason="fraud", by=SOMEBODY)
    return on_sqlite


@pytest.mark.parametrize("what", CORRUPTIONS)
def test_what_differs_is_found_and_repaired(ten, what):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(CORRUPTIONS[what])
    differences = faults()
    assert differences != []
    command = ten.app.test_cli_runner()
    said = command.invoke(args=["book", "check"])
    assert said.exit_code == 1
    assert "--repair" in said.output
    assert command.invoke(args=["book", "check", "--repair"]).exit_code == 0
    assert faults() == []
    assert "is as it should be" in command.invoke(args=["book", "check"]).output
    (entry,) = entries_of(BOOK)
    assert entry.kind == "repaired"
    assert entry.new("number") >= len(differences)
    assert faults_in_histories() == []


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_what_contradicts_the_history_is_not_repaired(ten, what):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(CONTRADICTIONS[what])
    db.session.rollback()
    differences, contradictions = faults(), faults_in_histories()
    assert contradictions
    db.session.rollback()
    status, output = run(ten, "book", "check", "--repair")
    assert status == 1
    assert "contradict the history, so nothing was repaired" in output
    db.session.rollback()
    assert (faults(), faults_in_histories()) == (differences, contradictions)
    assert entries_of(BOOK) == []


def test_nobody_is_blacklisted_without_a_time_of_waiting(on_sqlite):
    add()
    for wrong in ("blacklisted = TRUE", "waits_from = 5"):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE customer SET {wrong}")


def test_a_rebuilt_search_index_merges_only_when_it_is_told_to(on_sqlite):
    with writing():
        changes.rebuild()
    said = "SELECT v FROM customer_search_config WHERE k = 'automerge'"
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql(said).scalar() == 0


def test_an_empty_page_block_is_deleted(on_sqlite, small_blocks):
    people = [add(email=f"c{number}@example.com", phone=None) for number in range(12)]
    for one in people:
        erase.delete_customer(one.id, by=SOMEBODY)
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM page_block").scalar() == 0
    assert page_of(CustomerFilter()).total == 0
