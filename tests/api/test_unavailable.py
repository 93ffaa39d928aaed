"""Errors while the database is away, or accepts no writes."""

from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.api.program import AMA, refusal
from webapp.kernel.database import writing


@contextmanager
def away(site):
    """A database that accepts nothing: on SQLite another process holds a long write, on PostgreSQL
    nobody can connect.
    """
    if site.book.kind == "sqlite":
        with site.book.app.app_context(), writing():
            yield
        return
    database = make_url(site.book.url)
    operator = create_engine(database.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with operator.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {database.database} ALLOW_CONNECTIONS false"))
        disconnect(connection, database)
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {database.database} ALLOW_CONNECTIONS true"))
    operator.dispose()


def disconnect(connection, database):
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid "
        "<> pg_backend_pid()"
    )
    connection.execute(text(others), {"name": database.database})


def test_503_while_the_database_is_away(site, shop):
    with away(site):
        answer = shop.post("customers", AMA)
        refusal(answer, 503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    assert shop.post("customers", AMA).status == 201


@pytest.mark.only_on("postgresql")
def test_503_from_a_server_that_was_switched_to_reading(site, shop):
    """As after a planned switchover to another PostgreSQL server: the connections stay open, but
    are read-only.
    """
    database = make_url(site.book.url)
    operator = create_engine(database, isolation_level="AUTOCOMMIT")
    with operator.connect() as connection:
        connection.execute(
            text(f"ALTER DATABASE {database.database} SET default_transaction_read_only = on")
        )
        disconnect(connection, database)
        try:
            refusal(shop.post("customers", AMA), 503, "unavailable")
        finally:
            connection.execute(
                text(f"ALTER DATABASE {database.database} RESET default_transaction_read_only")
            )
    operator.dispose()
    assert shop.post("customers", AMA).status == 201, "the connection was left for a new one"
