"""What one may do and read at a time: deletions, customers looked at, lists of managers."""

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


def test_more_deletions_than_a_day_allows_need_a_second_person(book, desk_of):
    book.app.config["DELETIONS_PER_DAY"] = 2
    try:
        with book.app.app_context():
            desk_of(None)
            people = [add(email=f"d{number}@example.com", phone=None) for number in range(3)]
        ama, adwoa = at_desk(book, "Ama"), at_desk(book, "Adwoa")
        for one in people:
            ama.open(f"/customers/{one.id}/delete")
            ama.send("delete-form")
            ama.follow()
        assert "Another manager must agree" in ama.text
        with book.app.app_context():
            assert db.session.query(Tombstone).count() == 2
        last = people[2]
        ama.open("/review/removals")
        assert "Another manager must agree" in ama.text
        kept = ama.client.post(f"/review/deletions/{last.id}", data={"csrf_token": token_of(ama)})
        assert kept.status_code == 400, "nothing is deleted by saying nothing"
        agreed = {"csrf_token": token_of(ama), "decision": "delete"}
        refused = ama.client.post(f"/review/deletions/{last.id}", data=agreed)
        assert refused.status_code == 409
        taken_back = ama.client.post(
            f"/review/deletions/{last.id}", data={"csrf_token": token_of(ama), "decision": "keep"}
        )
        assert taken_back.status_code == 303
        ama.open(f"/customers/{last.id}/delete")
        ama.send("delete-form")
        adwoa.open("/review/removals")
        assert "is to be deleted" in adwoa.text
        done = adwoa.client.post(
            f"/review/deletions/{last.id}",
            data={"csrf_token": token_of(adwoa), "decision": "delete"},
        )
        assert done.status_code == 303
        with book.app.app_context():
            db.session.rollback()
            assert db.session.query(Tombstone).count() == 3
    finally:
        book.app.config["DELETIONS_PER_DAY"] = 20


def test_whoever_reads_very_much_is_slowed_down_not_locked_out_and_admins_are_told(
    book, kofi, desk_of, the_clock
):
    the_clock.moment = clock.now()
    before = book.app.extensions["records_read"]
    book.app.extensions["records_read"] = Leases(
        Bucket("records read", size=30, refill_seconds=2), 5
    )
    try:
        desk = at_desk(book, "Yaw")
        answers = [desk.client.get(f"/customers/{kofi.id}").status_code for _ in range(60)]
        assert answers.count(200) == 30
        slow = desk.client.get(f"/customers/{kofi.id}")
        assert slow.status_code == 429
        the_clock.forward(seconds=int(slow.headers["Retry-After"]))
        assert desk.client.get(f"/customers/{kofi.id}").status_code == 200
        assert at_desk(book, "Esi").client.get(f"/customers/{kofi.id}").status_code == 200
        admin = at_desk(book, "Adwoa")
        with book.app.app_context():
            yaw = member("Yaw")
            assert [entry.kind for entry in entries_of(yaw.subject)].count("read_much") == 1
        admin.open(f"/staff/{yaw.id}")
        assert "looked at more customers in an hour" in admin.text
    finally:
        book.app.extensions["records_read"] = before


LISTS = ("/review", "/review/list", "/review/lookalikes", "/review/removals", "/blacklist/cases")


@pytest.mark.parametrize("place", LISTS)
def test_lists_of_managers_count_for_what_one_looks_at(book, desk_of, place):
    before = book.app.extensions["records_read"]
    book.app.extensions["records_read"] = Leases(
        Bucket("records read", size=10, refill_seconds=60), 1
    )
    try:
        desk_of(None)
        with book.app.app_context():
            phone = {"phone": "+233201230301"}
            seen = [add(email=f"r{number}@example.com", **phone) for number in range(3)]
            opening.open_case(seen[0].id, reason="fraud", by=actor("Esi"))
            opening.open_case(seen[1].id, reason="fraud", by=actor("Esi"))
            shop = api_keys.actor_of(
                api_keys.create_key(name="Shop", scopes=["blacklist"], by=actor("Kwame"))[0],
                request_id="r",
            )
            opening.clear(seen[1].id, by=shop)
        desk = at_desk(book, "Adwoa")
        answers = [desk.client.get(place).status_code for _ in range(12)]
        assert (answers[0], answers[-1]) == (200, 429)
    finally:
        book.app.extensions["records_read"] = before
