"""The tables match the models on both databases, and every migration can be undone."""

from typing import NamedTuple

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.books import Book
from tests.support.cast import add
from tests.support.histories import faults_in_histories
from tests.support.lives import Lives, start
from webapp import subjects
from webapp.blacklist.models import Blacklisting
from webapp.history import changes, found, unlogged
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.lookalikes import derived_keys
from webapp.search.paging import page_counts
from webapp.search.projection import has_model, is_for_this_engine


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_migrations_equal_models(inside):
    with db.engine.connect() as connection:
        compared = {
            "compare_type": True,
            "include_name": has_model,
            "include_object": is_for_this_engine,
        }
        context = MigrationContext.configure(connection, opts=compared)
        differences = compare_metadata(context, db.metadata)
    assert [
        what
        for what in differences
        if getattr(what[1], "name", None) != "ix_blacklisting_waits_from"
    ] == []


EXPRESSIONS = {
    "uq_customer_reference_lower": ("unique", "lower("),
    "ix_blacklisting_waits_from": (
        "case",
        "reviewed_at is null",
        "lift_asked_at > reviewed_at",
        "where",
    ),
}


@pytest.mark.parametrize("index", EXPRESSIONS)
def test_indexes_of_expressions_are_there(inside, index):
    """Alembic cannot compare indexes on expressions."""
    on_sqlite = "SELECT sql FROM sqlite_master WHERE name = :index"
    on_postgres = "SELECT indexdef FROM pg_indexes WHERE indexname = :index"
    with db.engine.connect() as connection:
        found = connection.scalar(
            text(on_sqlite if inside.kind == "sqlite" else on_postgres), {"index": index}
        )
    assert all(part in " ".join(found.lower().split()) for part in EXPRESSIONS[index])


def test_what_waits_is_found_by_its_index(inside):
    waiting = select(Blacklisting.seq).where(Blacklisting.waiting(clock.now()))
    statement = waiting.compile(db.engine, compile_kwargs={"literal_binds": True})
    with db.engine.connect() as connection:
        if inside.kind == "postgresql":  # on an empty table the planner may choose any index
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            for other in (
                "uq_blacklisting_one_open",
                "ix_blacklisting_queue",
                "ix_blacklisting_review_by",
            ):
                connection.execute(text(f"DROP INDEX {other}"))
        explain = "EXPLAIN QUERY PLAN" if inside.kind == "sqlite" else "EXPLAIN"
        plan = connection.execute(text(f"{explain} {statement}")).all()
    assert "ix_blacklisting_waits_from" in str(plan)


def test_migrations_can_be_taken_back(tmp_path):
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    with book.app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
    book.close()


OLD_ROWS = {
    "staff_member": """
        INSERT INTO staff_member (id, email, email_key, name, role, active, version, password_hash,
            must_change_password, theme, density, single_keys, created_at)
        VALUES (7, 'ama@example.com', 'ama@example.com', 'Ama', 'manager', true, 1, 'x', false,
            'system', 'compact', true, 1)
    """,
    "staff_session": """
        INSERT INTO staff_session (token_hash, staff_id, created_at, seen_at, carried)
        VALUES (:token_hash, 7, 1, 1, '{"_flashes": []}')
    """,
    "blacklisting": """
        INSERT INTO blacklisting
            (seq, customer_seq, reason, note, opened_at, opened_by_kind, opened_by_name, review_by)
        VALUES (41, 1, 'other', 'He shouted.', 1, 'staff', 'Ama', 2)
    """,
}


def test_a_book_of_the_first_revision_is_upgraded_and_loses_nothing(inside):
    """Checks the rows, their keys, and the constraints of the rebuilt tables."""
    downgrade(revision="0001")
    with db.engine.begin() as connection:
        for statement in OLD_ROWS.values():
            connection.execute(
                text(statement), {"token_hash": b"h" * 32} if ":token_hash" in statement else {}
            )
    upgrade()
    with db.engine.connect() as connection:
        counts = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in OLD_ROWS
        }
        assert counts == dict.fromkeys(OLD_ROWS, 1)
        assert connection.execute(text("SELECT seq, note FROM blacklisting")).one() == (
            41,
            "He shouted.",
        )
    refuses_what_is_new_to_it()
    if inside.kind == "sqlite":
        uses_no_key_again()


REFUSED = {
    "a second open case": "UPDATE blacklisting SET seq = 43, customer_seq = 1 WHERE seq = 42",
    "no note for other": "UPDATE blacklisting SET note = '' WHERE seq = 41",
    "an unknown reason": "UPDATE blacklisting SET reason = 'whim' WHERE seq = 41",
}


def refuses_what_is_new_to_it():
    with db.engine.begin() as connection:
        connection.execute(text(OLD_ROWS["blacklisting"].replace("(41, 1,", "(42, 2,")))
        connection.execute(text("UPDATE blacklisting SET note = NULL WHERE seq = 42"))
    for what, statement in REFUSED.items():
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(text(statement))
            pytest.fail(f"{what} was accepted")


def uses_no_key_again():
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM blacklisting WHERE seq = 42"))
        connection.execute(text(OLD_ROWS["blacklisting"].replace("(41, 1,", "(NULL, 3,")))
        assert connection.scalar(text("SELECT max(seq) FROM blacklisting")) == 43


FIRST_WITH_REVIEWS = "0004"
EARLIER = [f"{number:04}" for number in (*range(1, 12), 16)]
# Columns that a migration derives anew, by its revision.
DERIVED = {
    "0005": {("customer", "search")},
    "0012": {("page_block", "key")},
    "0019": {("book_fact", "name"), ("book_fact", "value")},
    "0020": {("book_fact", "name"), ("book_fact", "value")},
}


@pytest.mark.parametrize("revision", EARLIER)
def test_a_filled_book_of_any_revision_is_upgraded_and_loses_nothing(staffed, the_clock, revision):
    """Random lives of many customers are downgraded to the revision; every value still there must
    survive the upgrade.
    """
    start(the_clock, weeks_ago=30)
    list(Lives(the_clock, 3, customers=20).go_on(60))
    db.session.remove()
    downgrade(revision=revision)
    before = contents({table.name: None for table in db.metadata.sorted_tables})
    upgrade()
    after = contents({table: list(rows.columns) for table, rows in before.items()})
    anew = {place for later, places in DERIVED.items() if later > revision for place in places}
    assert before["customer"].rows
    for table, there in before.items():
        for name, values in there.by_column().items():
            if (table, name) not in anew:
                assert after[table].by_column()[name] == values, f"{table}.{name}"
    assert list(changes.faults()) == []
    assert derived_keys.are_of_older_rules()
    derived_keys.derive_anew(progress=lambda _: None)
    assert list(derived_keys.faults()) == []
    unlogged.add_unlogged(progress=lambda _: None)
    found.complete(subjects.UNTOLD, progress=lambda _: None)
    if revision >= FIRST_WITH_REVIEWS:  # before, what is downgraded loses them
        faults = [fault for fault in faults_in_histories() if LOST_BY_DOWNGRADING not in fault]
        assert faults == []


# What today's entries say of a tombstone, and revisions before 0010 had no column for.
LOST_BY_DOWNGRADING = "has another accountable_id in tombstone"


class Contents(NamedTuple):
    columns: list[str]
    rows: list[tuple]

    def by_column(self):
        return {name: [row[place] for row in self.rows] for place, name in enumerate(self.columns)}


def contents(wanted):
    """Rows of each existing table in key order; only the given columns, or all."""
    found = {}
    with db.engine.connect() as connection:
        reader = inspect(connection)
        for table in [name for name in wanted if reader.has_table(name)]:
            columns = wanted[table] or [column["name"] for column in reader.get_columns(table)]
            keys = ", ".join(reader.get_pk_constraint(table)["constrained_columns"])
            named = ", ".join(f'"{name}"' for name in columns)
            rows = connection.execute(text(f'SELECT {named} FROM "{table}" ORDER BY {keys}')).all()
            found[table] = Contents(columns, [tuple(row) for row in rows])
    return found


def test_sqlite_is_set_up_to_be_durable(tmp_path):
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    with book.app.app_context(), db.engine.connect() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}
        assert {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted
        automerge = "SELECT v FROM customer_search_config WHERE k = 'automerge'"
        assert connection.scalar(text(automerge)) == 0, (
            "merges of the search index hold up no write for long"
        )
    book.close()


@pytest.mark.only_on("sqlite")
def test_an_upgrade_forgets_the_names_at_which_blocks_started(inside, monkeypatch):
    monkeypatch.setattr(page_counts, "RUN", 2)
    for number in range(9):
        add(last_name=f"Name{number}", email=f"c{number}@example.com")
    with writing():
        changes.rebuild()
    db.session.remove()
    downgrade(revision="0011")
    with db.engine.begin() as connection:  # as earlier versions left it
        connection.execute(text("DELETE FROM customer WHERE last_name <> 'Name8'"))
    upgrade()
    with db.engine.connect() as connection:
        starts = connection.scalars(text("SELECT key FROM page_block WHERE sort = 'name'")).all()
    assert set(starts) == {""}
