"""A whole book is copied from SQLite to PostgreSQL: every row exactly once, even after a kill, and
only into an empty database.
"""

import os
import signal
import subprocess
import sys
import time

import pytest
from flask import current_app
from sqlalchemy import create_engine, inspect, make_url, text

from tests.support import cast
from tests.support.books import KEYS, Book
from tests.support.failover import inside
from tests.support.histories import faults_in_histories
from tests.support.lives import Lives, start
from webapp.customers import erase, register
from webapp.customers.models import Customer
from webapp.history import changes
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.settings import PROJECT
from webapp.transfer import to_postgresql
from webapp.transfer.samples.load import load_people


@pytest.fixture
def source(tmp_path):
    """An empty book on SQLite."""
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    yield book
    book.close()


@pytest.fixture
def target(postgres_url):
    """The URL of a new, empty database."""
    name = f"moved_{time.time_ns()}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def command(book, *words):
    environment = (
        os.environ | KEYS | {"GATEBOOK_DATABASE_URL": book if isinstance(book, str) else book.url}
    )
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def said(process):
    output = process.communicate(timeout=120)[0]
    return process.returncode, output


def test_a_book_is_the_same_after_the_move_and_goes_on(source, target, the_clock):
    with source.app.app_context():
        live(the_clock)
        here = {customer.id: customer.search for customer in db.session.query(Customer)}
    status, output = said(command(source, "data", "copy", "--to", target))
    assert status == 0, output
    assert "Both hold the same rows" in output
    with inside(target):
        assert {customer.id: customer.search for customer in db.session.query(Customer)} == here
        assert register.register(
            {"first_name": "Efua", "last_name": "Ata", "email": "e@example.com"}, by=cast.SOMEBODY
        )
        assert [*changes.faults(), *faults_in_histories()] == []
        names = {index["name"] for index in inspect(db.engine).get_indexes("customer")}
        assert {"ix_customer_created", "ix_customer_waits_name", "ix_customer_search"} <= names
    status, output = said(command(source, "data", "copy", "--to", target))
    assert status == 1
    assert "has tables already" in output


def live(the_clock):
    """A book in which most things have happened; the last are a key and a deletion."""
    cast.hire()
    start(the_clock, weeks_ago=30)
    list(Lives(the_clock, 7, customers=40).go_on(150))
    the_clock.moment = None
    api_keys.create_key(name="Shop", scopes=["read"], by=cast.actor("Ama"))
    last = cast.add(email="last@example.com")
    erase.delete_customer(last.id, by=cast.SOMEBODY)


def test_a_book_of_an_older_version_is_upgraded_first(source, target):
    assert said(command(source, "db", "downgrade", "0005"))[0] == 0
    status, output = said(command(source, "data", "copy", "--to", target))
    assert status == 1
    assert "db upgrade" in output


def test_a_copy_that_was_killed_goes_on(source, target):
    with source.app.app_context():
        load_people(10_001, seed=9, progress=lambda _: None)
    engine = create_engine(target)
    copy_and_kill(source, target, engine)
    assert customers_in(engine) in (10_000, 10_001), "whole batches, one after the other"
    assert inspect(engine).has_table(to_postgresql.MARK), "not a book yet"
    with inside(target):
        assert current_app.test_client().get("/readyz").status_code == 503
    status, output = said(command(source, "data", "copy", "--to", target))
    assert status == 0, output
    assert customers_in(engine) == 10_001
    assert not inspect(engine).has_table(to_postgresql.MARK)
    engine.dispose()


def copy_and_kill(source, target, engine):
    copying = command(source, "data", "copy", "--to", target)
    while not customers_in(engine):
        assert copying.poll() is None, copying.communicate()
        time.sleep(0.02)
    os.killpg(copying.pid, signal.SIGKILL)
    copying.communicate()


def customers_in(engine):
    with engine.connect() as connection:
        there = connection.scalar(text("SELECT to_regclass('customer') IS NOT NULL"))
        return connection.scalar(text("SELECT count(*) FROM customer")) if there else 0


def test_what_differs_in_the_end_is_told(source, target):
    with source.app.app_context():
        load_people(50, seed=9, progress=lambda _: None)
        here = db.engine
        there = create_engine(target)
        assert said(command(target, "db", "upgrade"))[0] == 0
        assert to_postgresql.take_up(there) == 0
        to_postgresql.copy(here, there, progress=lambda _: None)
        with there.begin() as connection:
            connection.execute(text("UPDATE customer SET first_name = 'X' WHERE seq = 7"))
            connection.execute(text("DELETE FROM history_values WHERE subject_seq = 9"))
        told = [str(difference) for difference in to_postgresql.finish(here, there)]
        there.dispose()
    assert len(told) == 2
    assert "customer: 50 rows in both, but not the same ones" in told


def test_only_sqlite_is_moved_and_only_to_postgresql(source, target):
    for book, to in ((source, "sqlite:///other.db"), (target, target)):
        status, output = said(command(book, "data", "copy", "--to", to))
        assert status == 2
        assert "from SQLite to postgresql" in output
