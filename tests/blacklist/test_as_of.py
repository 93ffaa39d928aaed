"""The past: a page or list as of a moment equals what a copy of the book, taken then, shows."""

import shutil
from contextvars import Context
from random import Random

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from tests.support import cast
from tests.support.books import Book
from tests.support.lives import Lives, start
from tests.support.strict import StaffClient, StrictClient, text_of
from webapp.blacklist import as_of, listing, opening
from webapp.blacklist.filters import CaseFilter
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review, review_undo
from webapp.customers import edit, finding
from webapp.customers.models import Customer
from webapp.history.entries import entries_of
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import NotFound

SECTIONS = ("blacklisting", "earlier-cases", "details", "history")
MOMENTS = 10


@pytest.fixture
def copies(book, tmp_path):
    """`copies()` is a book on a copy of the database as it is now."""
    made = []

    def copy():
        db.session.remove()
        db.engine.dispose()
        folder = tmp_path / str(len(made))
        folder.mkdir()
        if book.kind == "sqlite":
            shutil.copy(book.path, folder / "book.db")
            url = f"sqlite:///{folder}/book.db"
        else:
            url = _copied_on_the_server(book.url, f"copy_{len(made)}")
        made.append(Book(url, folder))
        return made[-1]

    yield copy
    for one in made:
        one.close()


def _copied_on_the_server(url, name):
    here = make_url(url)
    maintenance = create_engine(here.set(database="template1"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {here.database}"))
    maintenance.dispose()
    return here.set(database=name).render_as_string(hide_password=False)


def page_of(app, path):
    """What Yaw, a viewer, reads on a page, by section."""
    client = StrictClient(app, app.response_class, use_cookies=True)
    client.set_cookie("gatebook", cast.session_token(app, "Yaw"))
    desk = StaffClient(client)
    desk.open(path)
    assert desk.page.status_code == 200, desk.page.text
    found = {e.get("id"): text_of(e) for e in desk.page.tree.iter() if e.get("id") in SECTIONS}
    head = next(e for e in desk.page.tree.iter("div") if e.get("class") == "page-head")
    found["head"] = text_of(head).removesuffix("Show it as it is now").strip()
    return found


def test_the_blacklist_at_ten_moments_equals_ten_copies(staffed, the_clock, copies):
    start(the_clock, weeks_ago=10)
    lives = Lives(the_clock, seed=1, customers=25)
    random, at = Random(2), []
    for number, _ in enumerate(lives.go_on(300)):
        if number >= 20 and random.random() < 0.05 and len(at) < MOMENTS:
            at.append((clock.now(), blacklisted_in(copies())))
    assert len(at) == MOMENTS
    sizes = set()
    for moment, said in at:
        page = listing.page_of(CaseFilter(at=moment))
        assert {row.case.customer_seq for row in page.rows} == said
        assert page.total == len(said)
        sizes.add(len(said))
    assert len(sizes) > 2, "the moments differ"


def blacklisted_in(copy):
    with copy.app.app_context():
        return set(db.session.scalars(select(Customer.seq).where(Customer.blacklisted)))


HAPPENED = {"blacklisted", "upheld", "overturned", "review_undone", "lifted", "changed"}


def test_a_page_at_ten_moments_equals_ten_copies(staffed, the_clock, copies, figure):
    """After a hundred edits, blacklistings, reviews, lifts and undos of one customer."""
    start(the_clock, weeks_ago=30)
    lives = Lives(the_clock, seed=3, customers=1, deletes=False)
    path = f"/customers/{lives.ids[0]}"
    random, at = Random(4), []
    for number, _ in enumerate(lives.go_on(100)):
        if number >= 5 and random.random() < 0.2 and len(at) < MOMENTS:
            at.append((clock.now(), page_of(copies().app, path)))
    assert len(at) == MOMENTS
    the_clock.forward(days=1)
    for moment, said in at:
        address = f"{path}?at={clock.in_iso(moment)}"
        # outside the test's own application context
        assert Context().run(page_of, staffed.app, address) == said
    customer = finding.get_customer(lives.ids[0])
    kinds = {entry.kind for entry in entries_of(customer.subject, limit=200)}
    assert kinds >= HAPPENED
    figure(
        f"a page at {MOMENTS} moments equals {MOMENTS} copies on {staffed.kind}: "
        f"{len(kinds)} kinds of changes"
    )


def test_a_moment_before_there_was_a_customer(staffed, the_clock):
    start(the_clock, weeks_ago=1)
    before = clock.now()
    the_clock.forward(days=1)
    kofi = cast.add()
    with pytest.raises(NotFound, match="not in the book yet"):
        as_of.as_it_was(kofi, before)


# How many customers are blacklisted after each event.
STANDINGS = {"open": 1, "overturned": 0, "open again": 1, "lifted": 0, "opened anew": 1}


def test_between_a_wrong_overturning_and_its_undo_nobody_was_blacklisted(staffed, the_clock):
    start(the_clock, weeks_ago=1)
    kofi = cast.add()
    seq = opening.open_case(kofi.id, reason="fraud", by=cast.actor("Esi")).case.seq
    opening.ask_for_lift(kofi.id, case_seq=seq, note="Paid.", by=cast.actor("Kwame"))
    moments = {}
    for name, _ in zip(STANDINGS, open_and_close(kofi, seq), strict=True):
        the_clock.forward(minutes=1)
        moments[name] = clock.now()
        the_clock.forward(minutes=3)
    the_clock.forward(days=1)
    found = {name: listing.count(CaseFilter(at=moment)) for name, moment in moments.items()}
    assert found == STANDINGS
    customer = finding.get_customer(kofi.id)
    for name, moment in moments.items():
        assert as_of.as_it_was(customer, moment).customer.blacklisted is bool(found[name])
    anew = as_of.as_it_was(customer, moments["opened anew"])
    assert anew.case.lift_asked_at is None, "what was asked about an earlier case"
    assert [case.lift_reason for case in anew.closed_cases] == ["Paid."]


def open_and_close(kofi, seq):
    """The events of his case; yields after each."""
    yield
    made = review.decide(seq, Decision.OVERTURNED, note="Wrong.", by=cast.actor("Ama"))
    yield
    review_undo.undo_review(made.seq, by=cast.actor("Ama"))
    yield
    review.lift(kofi.id, case_seq=seq, note="Paid.", by=cast.actor("Ama"))
    yield
    opening.open_case(kofi.id, reason="abuse", by=cast.actor("Esi"))
    yield


def test_two_changes_in_one_millisecond_have_two_moments(staffed, the_clock):
    """Otherwise one of the two states could not be asked for."""
    start(the_clock, weeks_ago=1)
    kofi = cast.add()
    for name in ("Ama", "Esi", "Yaw"):
        edit.change(kofi.id, {"first_name": name}, by=cast.actor("Esi"))
    entries = entries_of(kofi.subject)
    assert len({entry.at for entry in entries}) == 4
    told = [
        as_of.as_it_was(finding.get_customer(kofi.id), entry.at).customer.first_name
        for entry in entries
    ]
    assert told == ["Yaw", "Esi", "Ama", "Kofi"]
