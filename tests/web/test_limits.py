"""How much one may do and read at a time: deletions, customers looked at, managers' lists."""

import pytest

from tests.support.cast import actor, add, member
from tests.support.desks import at_desk, token_of
from webapp.blacklist import opening
from webapp.customers.models import Tombstone
from webapp.history.entries import entries_of
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.staff.leases import Leases
from webapp.staff.rate_limit import Bucket


def test_more_deletions_than_a_day_allows_need_a_second_person(book, desk_of, monkeypatch):
    monkeypatch.setitem(book.app.config, "DELETIONS_PER_DAY", 2)
    with book.app.app_context():
        desk_of(None)
        people = [add(email=f"d{number}@example.com", phone=None) for number in range(3)]
    ama, adwoa, last = at_desk(book, "Ama"), at_desk(book, "Adwoa"), people[2]
    for one in people:
        delete(ama, one)
        ama.follow()
    assert "Another manager must agree" in ama.text
    assert tombstones(book) == 2
    ama.open("/review/removals")
    assert "Another manager must agree" in ama.text
    assert decide(ama, last) == 400, "nothing is deleted by saying nothing"
    assert decide(ama, last, decision="delete") == 409
    assert decide(ama, last, decision="keep") == 303
    delete(ama, last)
    adwoa.open("/review/removals")
    assert "is to be deleted" in adwoa.text
    assert decide(adwoa, last, decision="delete") == 303
    assert tombstones(book) == 3


def delete(desk, customer):
    desk.open(f"/customers/{customer.id}/delete")
    desk.send("delete-form")


def decide(desk, customer, **said):
    """Decide about a deletion that waits; returns the status."""
    data = {"csrf_token": token_of(desk)} | said
    return desk.client.post(f"/review/deletions/{customer.id}", data=data).status_code


def tombstones(book):
    with book.app.app_context():
        db.session.rollback()
        return db.session.query(Tombstone).count()


@pytest.fixture
def may_look_at(book, monkeypatch):
    """`may_look_at(30, …)` sets the reading budget: its size, refill time in
    seconds, and lease size.
    """

    def limit(size, refill_seconds, lease_size):
        bucket = Bucket("records read", size=size, refill_seconds=refill_seconds)
        monkeypatch.setitem(book.app.extensions, "records_read", Leases(bucket, lease_size))

    return limit


def test_whoever_reads_very_much_is_slowed_down_not_locked_out_and_admins_are_told(
    book, kofi, the_clock, may_look_at
):
    the_clock.moment = clock.now()
    may_look_at(30, refill_seconds=2, lease_size=5)
    desk, path = at_desk(book, "Yaw"), f"/customers/{kofi.id}"
    answers = [desk.client.get(path).status_code for _ in range(60)]
    assert answers.count(200) == 30
    slow = desk.client.get(path)
    assert slow.status_code == 429
    the_clock.forward(seconds=int(slow.headers["Retry-After"]))
    assert desk.client.get(path).status_code == 200
    assert at_desk(book, "Esi").client.get(path).status_code == 200
    admin = at_desk(book, "Adwoa")
    with book.app.app_context():
        yaw = member("Yaw")
        assert [entry.kind for entry in entries_of(yaw.subject)].count("read_much") == 1
    admin.open(f"/staff/{yaw.id}")
    assert "looked at more customers in an hour" in admin.text


LISTS = ("/review", "/review/list", "/review/lookalikes", "/review/removals", "/blacklist/cases")


@pytest.mark.parametrize("place", LISTS)
def test_lists_of_managers_count_for_what_one_looks_at(book, desk_of, place, may_look_at):
    may_look_at(10, refill_seconds=60, lease_size=1)
    desk_of(None)
    with book.app.app_context():
        fill_lists()
    desk = at_desk(book, "Adwoa")
    answers = [desk.client.get(place).status_code for _ in range(12)]
    assert (answers[0], answers[-1]) == (200, 429)


def fill_lists():
    """A case, a removal by a program, and a look-alike of both."""
    seen = [add(email=f"r{number}@example.com", phone="+233201230301") for number in range(3)]
    opening.open_case(seen[0].id, reason="fraud", by=actor("Esi"))
    opening.open_case(seen[1].id, reason="fraud", by=actor("Esi"))
    key, _ = api_keys.create_key(name="Shop", scopes=["blacklist"], by=actor("Kwame"))
    opening.clear(seen[1].id, by=api_keys.actor_of(key, request_id="r"))
