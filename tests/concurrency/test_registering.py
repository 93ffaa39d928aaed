"""Two people add the same customer at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from tests.support.cast import KOFI, SOMEBODY
from webapp.customers import register
from webapp.customers.changes import Taken
from webapp.customers.finding import find_customer
from webapp.customers.models import Customer, new_id
from webapp.history import changes
from webapp.kernel.database import db
from webapp.search.filters import CustomerFilter
from webapp.search.results import page_of

ROUNDS = 25


@pytest.fixture
def at_once(book):
    """Run a function in two threads that start together; each returns a customer's
    id or the code of a refusal.
    """
    barrier = Barrier(2, timeout=60)

    def run(given, customer_id):
        with book.app.app_context():
            barrier.wait()
            try:
                return register.register(given, by=SOMEBODY, customer_id=customer_id).id
            except Taken as refusal:
                assert find_customer(refusal.customer_id), (
                    "also whoever lost the race is told whose it is"
                )
                return refusal.code

    def both(*submissions):
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(run, *zip(*submissions, strict=True)))

    return both


def count(book):
    """How many customers there are, in the table and in the list."""
    with book.app.app_context():
        assert list(changes.faults()) == []
        counted = db.session.scalar(select(func.count()).select_from(Customer))
        assert page_of(CustomerFilter()).total == counted
        return counted


def test_one_of_two_is_told_that_the_email_is_taken(book, at_once):
    for number in range(ROUNDS):
        given, ids = KOFI | {"email": f"same{number}@example.com"}, (new_id(), new_id())
        answers = at_once((given, ids[0]), (given, ids[1]))
        assert len(set(answers) & set(ids)) == 1
        assert "email_taken" in answers
    assert count(book) == ROUNDS


def test_one_of_two_is_told_that_the_reference_is_taken(book, at_once):
    for number in range(ROUNDS):
        ids = (new_id(), new_id())
        given = [
            KOFI | {"reference": f"same-{number}", "email": f"{number}.{twin}@example.com"}
            for twin in "ab"
        ]
        answers = at_once((given[0], ids[0]), (given[1], ids[1]))
        assert len(set(answers) & set(ids)) == 1
        assert "reference_taken" in answers
    assert count(book) == ROUNDS


def test_one_submission_that_arrives_twice_is_one_customer(book, at_once):
    for number in range(ROUNDS):
        given, customer_id = KOFI | {"email": f"e{number}@example.com"}, new_id()
        assert at_once((given, customer_id), (given, customer_id)) == [customer_id, customer_id]
    assert count(book) == ROUNDS
