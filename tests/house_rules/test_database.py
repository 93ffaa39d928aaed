"""The tables are what the models say, on both databases, and go down as they came up."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from tests.support.books import Book
from webapp.database import db


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_migrations_equal_models(inside):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)
    assert differences == []


def test_the_reference_is_unique_without_regard_to_case(inside):
    with db.engine.connect() as connection:
        if inside.kind == "sqlite":
            found = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'uq_customer_reference_lower'"))
        else:
            query = "SELECT indexdef FROM pg_indexes WHERE indexname = 'uq_customer_reference_lower'"
            found = connection.scalar(text(query))
    assert "UNIQUE" in found
    assert "lower(" in found


def test_migrations_can_be_taken_back(tmp_path):
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    with book.app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
    book.close()


def test_sqlite_is_set_up_to_be_durable(tmp_path):
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    with book.app.app_context(), db.engine.connect() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
        assert {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted
    book.close()
