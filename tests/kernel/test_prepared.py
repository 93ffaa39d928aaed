"""A prepared select answers, and fails, as SQLAlchemy would, on both engines."""

import pytest
from sqlalchemy import bindparam, column, func, select, table, text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests.support.cast import add
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.dialects import reading
from webapp.kernel.prepared import Prepared

ALL = Customer.__table__.c
BY_EMAIL = (
    select(*ALL, (ALL.version + 1).label("next"))
    .where(ALL.email == bindparam("email"), ALL.created_at <= bindparam("at"))
    .where(ALL.email == bindparam("email"), ALL.version == 1)
)


def test_it_converts_values_both_ways_like_sqlalchemy(staffed):
    kofi = add()
    asked = {"email": kofi.email, "at": kofi.created_at}
    connection = db.session.connection()
    row = Prepared(BY_EMAIL).first(connection, **asked)
    assert row._asdict() == connection.execute(BY_EMAIL, asked).mappings().one()
    assert (row.id, row.next) == (kofi.id, 2)
    assert Prepared(BY_EMAIL).first(connection, **asked | {"email": "nobody@example.com"}) is None


def test_what_the_driver_refuses_is_an_error_of_sqlalchemy_without_the_values(staffed):
    broken = Prepared(select(column("no")).select_from(table("nowhere", column("no"))))
    with reading() as connection, pytest.raises(DBAPIError) as caught:
        broken.first(connection)
    assert not caught.value.connection_invalidated
    secret = Prepared(select(column("no")).where(column("no") == bindparam("who", "Ama Mensah")))
    with reading() as connection, pytest.raises(DBAPIError) as caught:
        secret.first(connection)
    assert "Mensah" not in str(caught.value)


def test_a_parameter_that_is_not_given_is_an_error(staffed):
    with pytest.raises(KeyError, match="at"):
        Prepared(BY_EMAIL).first(db.session.connection(), email="kofi@example.com")


@pytest.mark.only_on("postgresql")
def test_a_lost_connection_leaves_the_pool(staffed):
    ended = Prepared(select(func.pg_terminate_backend(func.pg_backend_pid()).label("is_ended")))
    with reading() as connection, pytest.raises(OperationalError) as caught:
        ended.first(connection)
    assert caught.value.connection_invalidated
    with reading() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.only_on("postgresql")
def test_reading_begins_no_transaction_and_leaves_none_behind(staffed):
    with reading() as connection:
        Prepared(select(func.count().label("number")).select_from(Customer.__table__)).first(
            connection
        )
        assert connection.connection.driver_connection.info.transaction_status.name == "IDLE"
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert connection.connection.driver_connection.info.transaction_status.name == "INTRANS"
