"""A whole book is made anew from its history, and both are the same."""

import time

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.support.books import KEYS
from tests.support.cast import PASSWORD, actor, add
from tests.support.commands import run
from tests.support.failover import inside as working_in
from tests.support.histories import faults_of_everybody
from tests.support.offices import Office
from tests.support.proofs import rounds
from tests.support.tampering import tampering
from webapp.cli import target as cli_target
from webapp.customers import edit, erase, register
from webapp.history import changes
from webapp.history.log import catch_up
from webapp.kernel.database import db
from webapp.staff import passwords

DEEDS = rounds(150, 10_000)


@pytest.fixture
def target(book, tmp_path, monkeypatch):
    """The address of an empty database on the same engine."""
    monkeypatch.delenv("GATEBOOK_LONG_PROOFS", raising=False)  # the command knows no such setting
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    if book.kind == "sqlite":
        yield f"sqlite:///{tmp_path}/anew.db"
        return
    name = f"anew_{time.time_ns()}"
    operator = create_engine(book.url, isolation_level="AUTOCOMMIT")
    with operator.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(book.url).set(database=name).render_as_string(hide_password=False)
    with operator.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    operator.dispose()


@pytest.fixture
def lived(everything, the_clock, book):
    """Everything that a history tells of, and a lot of it."""
    db.session.rollback()
    the_clock.forward(days=1)
    list(Office(the_clock, 11, customers=rounds(25, 2_000)).go_on(DEEDS))
    catch_up()
    db.session.rollback()
    return everything


def rebuild(book, url):
    return run(book, "book", "rebuild", "--from-history", url)


def test_every_table_is_the_same_and_the_book_goes_on(book, lived, target):
    status, output = rebuild(book, target)
    assert status == 0, output
    assert output.endswith("Both hold the same rows.\n")
    db.session.remove()
    with working_in(target):
        assert list(changes.faults()) == []
        assert faults_of_everybody() == []
        newest = add(email="newest@example.com")
        edit.change(newest.id, {"first_name": "Kwesi"}, by=actor("Esi"))
        assert faults_of_everybody() == []


def test_what_was_changed_by_hand_is_as_it_was_again(book, lived, target):
    """The rows of the book made anew are those of the history."""
    living = db.session.scalar(text("SELECT min(seq) FROM customer"))
    db.session.execute(text(f"UPDATE customer SET first_name = 'Eve' WHERE seq = {living}"))
    db.session.execute(text("UPDATE staff_member SET role = 'admin' WHERE name = 'Esi'"))
    db.session.execute(text("DELETE FROM review"))
    db.session.commit()
    status, output = rebuild(book, target)
    assert status == 1
    assert "customer: " in output
    assert "staff_member: " in output
    assert "review: 0 rows here, " in output
    with working_in(target):
        assert faults_of_everybody() == []
        name = text(f"SELECT first_name FROM customer WHERE seq = {living}")
        assert db.session.scalar(name) != "Eve"


def test_rows_that_are_gone_come_back_without_their_secrets(book, everything, target):
    kofi, before = everything["kofi"], db.session.scalar(text("SELECT count(*) FROM customer"))
    with tampering(book) as sql:
        for gone in (
            "case_identifier",
            "review",
            f"blacklisting WHERE customer_seq = {kofi}",
            f"resemblance WHERE one_seq = {kofi}",
            f"customer WHERE seq = {kofi}",
            "staff_member WHERE name = 'Kojo'",
            "role_policy WHERE id = 3",
            "api_key",
        ):
            sql(f"DELETE FROM {gone}")
        db.session.commit()
    status, output = rebuild(book, target)
    assert status == 1, output
    with working_in(target):
        assert faults_of_everybody() == []
        assert list(changes.faults()) == []
        assert db.session.scalar(text("SELECT count(*) FROM customer")) == before
        kojo = db.session.execute(text("SELECT * FROM staff_member WHERE name = 'Kojo'")).one()
        assert not passwords.matches(kojo.password_hash, PASSWORD)


TARGETS = {
    "sqlite://": "has no file",
    "sqlite:///:memory:": "has no file",
    "sqlite:////nowhere/at/all.db": "No such file or directory",
    "book.db": "not the address of a database",
}


@pytest.mark.parametrize("url", TARGETS)
def test_a_target_that_cannot_be_filled_is_told_in_a_sentence(book, everything, target, url):
    status, output = rebuild(book, url)
    assert status == 1
    assert TARGETS[url] in output


def test_a_refusal_leaves_no_empty_file(book, everything, target, tmp_path, monkeypatch):
    monkeypatch.setattr(cli_target, "upgrade", refuse)
    for file in ("new.db", "old.db"):
        path = tmp_path / file
        if file == "old.db":
            path.touch()
        with pytest.raises(Refused):
            rebuild(book, f"sqlite:///{path}")
        assert path.exists() is (file == "old.db")


class Refused(Exception):
    pass


def refuse():
    raise Refused


@pytest.mark.parametrize("new", ['{"email": [1]}', "[]", "7", '"x"', "{"])
def test_a_history_that_cannot_be_read_is_named(book, everything, target, new):
    """As somebody with the key may leave it: verify and rebuild say so, and end."""
    new = "null" if (book.kind, new) == ("postgresql", "{") else new  # which it does not store
    with tampering(book) as sql:
        sql("UPDATE history_values SET new = :new WHERE subject = 'customer'", new=new)
        db.session.commit()
    assert len(faults_of_everybody()) > 3
    status, output = rebuild(book, target)
    assert status == 1
    assert "cannot be read: history verify says where" in output


def test_what_was_erased_stays_erased(book, lived, target, tmp_path):
    marked = register.register(
        {"first_name": "Zyxwerasedname", "last_name": "Busia", "email": "zyxw@example.com"},
        by=actor("Esi"),
    )
    erase.delete_customer(marked.id, by=actor("Ama"))
    db.session.rollback()
    status, output = rebuild(book, target)
    assert status == 0, output
    if book.kind == "sqlite":
        files = list(tmp_path.glob("anew.db*"))
        assert files
        assert not any(b"zyxwerased" in file.read_bytes().lower() for file in files)
    else:
        with working_in(target):
            for table in db.metadata.sorted_tables:
                rows = db.session.execute(text(f'SELECT "{table.name}"::text FROM "{table.name}"'))
                assert not any("zyxwerased" in row[0].lower() for row in rows), table.name


def test_a_database_with_a_book_is_refused(book, everything, target):
    status, output = rebuild(book, target)
    assert status == 0, output
    status, output = rebuild(book, target)
    assert status == 1
    assert "The target has tables already" in output
