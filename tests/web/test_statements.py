"""The number of SQL statements for a page: small, and independent of the number of rows."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from tests.support.cast import actor
from webapp.blacklist import opening
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.staff.leases import Leases
from webapp.staff.rate_limit import Bucket
from webapp.transfer.samples.load import load_people

# Including ends that are due, the session and the count in the navigation; on SQLite, then on
# PostgreSQL.
PAGES = {
    "/customers?rows=100": (8, 8),
    "/customers?rows=100&page=7&sort=name": (8, 8),
    "/customers?rows=100&standing=blacklisted&dial_code=%2B234": (8, 8),
    "/customers?rows=100&dial_code=CA&sort=name": (8, 8),
    "/customers?rows=100&created_from=2023-01-01&sort=created": (11, 11),
    "/customers?rows=100&standing=waiting": (8, 8),
    "/customers/{id}": (13, 13),
    "/customers/{id}/edit": (5, 5),
    "/review": (24, 24),
    "/review/list": (9, 9),
    "/": (15, 15),
}


@contextmanager
def counted(engine, *, with_values=False):
    statements = []

    def note(connection, cursor, statement, values, *rest):
        if not re.match(r"BEGIN|ROLLBACK|COMMIT|SET ", statement):
            statements.append((statement, values) if with_values else statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def leases_of(size):
    return Leases(Bucket(f"records read, {size} a lease", size=100_000, refill_seconds=1), size)


@pytest.fixture(params=[150, 1_300], ids=["few", "many"])
def shelf(request, book, desk_of):
    """A manager, and a book of this many people; the newest one's page is the
    customer page to open.
    """
    with book.app.app_context():
        load_people(request.param, seed=5, progress=lambda _: None)
    desk = desk_of("Ama")
    before = book.app.extensions["records_read"]
    book.app.extensions["records_read"] = leases_of(100_000)
    with book.app.app_context():
        newest = select(Customer.id).where(~Customer.blacklisted).order_by(Customer.seq.desc())
        waiting = db.session.scalars(newest.limit(3)).all()
        for customer_id in waiting:
            opening.open_case(customer_id, reason="fraud", by=actor("Esi"))
        yield book, desk, waiting[0], db.engine
    book.app.extensions["records_read"] = before


def test_statements_are_few_whatever_the_number_of_rows(shelf):
    book, desk, customer_id, engine = shelf
    taken = {}
    desk.open("/customers")  # takes the lease for the rest
    for page in PAGES:
        with counted(engine) as statements:
            assert desk.open(page.format(id=customer_id)).status_code == 200
        taken[page] = len(statements)
    assert taken == {page: numbers[book.kind == "postgresql"] for page, numbers in PAGES.items()}


# What grows with the book: a page reads these by an index, or not at all.
TABLES = "customer|blacklisting|review|resemblance|case_identifier|history_entry|history_values"
# Read in their order and up to a limit, or of few rows; the first one also counts all cases.
IN_ORDER = (
    "blacklisting_opened_at|blacklisting_queue|blacklisting_to_check|customer_created|"
    "customer_name|customer_waits_created|resemblance_undecided"
)
WHOLE = re.compile(
    rf"SCAN (({TABLES})(_\d+)?|[bci])\b(?! USING (COVERING )?INDEX ix_({IN_ORDER})$)"
)
MORE_PAGES = ("/review/removals", "/review/lookalikes", "/blacklist/cases")


OF_A_LEASE = 5


def test_a_page_that_takes_a_lease_reads_nothing_again(shelf, monkeypatch):
    """The lease is written in the middle of the page, after its rows were read."""
    book, desk, customer_id, engine = shelf
    taken = {}
    for size in (100_000, 1):
        book.app.extensions["records_read"] = leases_of(size)
        desk.open("/customers")
        for page in (*PAGES, *MORE_PAGES):
            with counted(engine) as statements:
                assert desk.open(page.format(id=customer_id)).status_code == 200
            taken[size, page] = len(statements)
    for page in (*PAGES, *MORE_PAGES):
        assert taken[1, page] <= taken[100_000, page] + OF_A_LEASE, page


def bound(values):
    return tuple(values) if isinstance(values, list) else values


@pytest.mark.only_on("sqlite")
def test_no_page_reads_a_whole_table(shelf):
    _, desk, customer_id, engine = shelf
    with counted(engine, with_values=True) as statements:
        for page in (*PAGES, *MORE_PAGES):
            assert desk.open(page.format(id=customer_id)).status_code == 200
    selects = [one for one in statements if one[0].lstrip().startswith(("SELECT", "WITH"))]
    with engine.connect() as connection:
        whole = {
            row[3]
            for statement, values in selects
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound(values))
            if WHOLE.match(row[3])
        }
    assert whole == set()
