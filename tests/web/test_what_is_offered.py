"""Who may do what to whose case in which state, and what a page offers: every combination."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.support.cast import actor, add
from webapp.blacklist import opening
from webapp.blacklist.models import REVIEW_AFTER, Blacklisting
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db, writing

PEOPLE = ("Yaw", "Esi", "Kwame", "Ama", "Adwoa")
MANAGERS = {"Ama", "Adwoa"}
EDITORS = {"Esi", "Kwame", *MANAGERS}
OPENERS = ("Esi", "Ama", "Adwoa")


@dataclass(frozen=True)
class State:
    """The state of a customer's case: its age, and the outcome of any review or closing."""

    minutes: int = 0
    reviewed: bool = False
    due: bool = False
    outcome: str | None = None

    @property
    def is_open(self):
        return self.outcome is None

    @property
    def can_be_undone(self):
        return self.is_open and not self.reviewed and self.minutes <= 10


STATES = {
    "fresh": State(),
    "waiting": State(minutes=11),
    "overdue": State(minutes=91 * 24 * 60, due=True),
    "upheld": State(minutes=5, reviewed=True),
    "upheld long ago": State(minutes=60, reviewed=True),
    "due again": State(minutes=91 * 24 * 60, reviewed=True, due=True),
    "overturned": State(minutes=60, reviewed=True, outcome="overturned"),
    "lifted": State(minutes=60, outcome="lifted"),
    "undone": State(minutes=60, outcome="undone"),
}


def expected(action, person, opener, state):
    """The rules of DESIGN.md §3 and §4, written a second time: the status of each attempt."""
    if person not in (MANAGERS if action in ("lift", "delete") else EDITORS):
        return 403
    return {
        "open": 303,
        "undo": 303 if state.can_be_undone and person == opener else 409,
        "lift": 303 if state.is_open and person != opener else 409,
        "delete": 409 if state.is_open else 303,
    }[action]


def make_case(opener, state):
    """A customer with a case in the given state, brought about by time, reviews and
    other people.
    """
    customer = add(email=f"{clock.now().timestamp()}@example.org")
    case = opening.open_case(customer.id, reason="fraud", note="Two cards.", by=actor(opener)).case
    opened_at = clock.now() - timedelta(minutes=state.minutes)
    columns = columns_of(state, opened_at)
    waits_from = opened_at if state.is_open else None
    standing = {"blacklisted": state.is_open, "waits_from": waits_from}
    with writing():
        db.session.execute(update(Blacklisting).where(Blacklisting.seq == case.seq).values(columns))
        db.session.execute(update(Customer).where(Customer.seq == customer.seq).values(standing))
    return customer.id, customer.seq, case.seq


def columns_of(state, opened_at):
    columns = {"opened_at": opened_at, "review_by": opened_at + REVIEW_AFTER}
    if state.reviewed:
        columns |= {"reviewed_at": opened_at, "reviewed_by_name": "Efua"}
    if state.outcome:
        columns |= {"closed_at": clock.now(), "outcome": state.outcome, "closed_by_name": "Efua"}
    return columns


PATHS = {
    "open": "blacklisting",
    "undo": "blacklisting/undo",
    "lift": "blacklisting/lift",
    "delete": "delete",
}


@pytest.mark.parametrize("state", STATES)
def test_who_may_delete_whom_in_which_state(book, desk_of, state):
    """What may be done to a case itself is covered by `house_rules/test_who_may_decide.py`."""
    desks = {person: desk_of(person) for person in PEOPLE}
    for opener in OPENERS:
        for person, desk in desks.items():
            with book.app.app_context():
                customer_id, customer_seq, _ = make_case(opener, STATES[state])
            desk.open("/account/password")
            token = desk.form("sign-out").find("input[@name='csrf_token']").get("value")
            answer = desk.client.post(
                f"/customers/{customer_id}/delete", data={"csrf_token": token}
            )
            status = expected("delete", person, opener, STATES[state])
            assert answer.status_code == status, (person, opener, answer.text)
            with book.app.app_context():
                db.session.rollback()
                assert (db.session.get(Customer, customer_seq) is None) is (status == 303)


@pytest.mark.parametrize("state", STATES)
def test_pages_offer_what_is_allowed_and_nothing_else(book, desk_of, state):
    desks = {person: desk_of(person) for person in PEOPLE}
    for opener in OPENERS:
        with book.app.app_context():
            customer_id, *_ = make_case(opener, STATES[state])
        for person, desk in desks.items():
            desk.open(f"/customers/{customer_id}")
            offers = offered_on(desk.page, customer_id)
            for action in PATHS:
                allowed = is_for(person, opener, STATES[state], action, offers)
                assert (action in offers) is allowed, (action, person, opener)


def offered_on(page, customer_id):
    addresses = {element.get("href") or element.get("action") or "" for element in page.tree.iter()}
    return {
        action for action, path in PATHS.items() if f"/customers/{customer_id}/{path}" in addresses
    }


def is_for(person, opener, state, action, offers):
    """Whether a page offers it; lifting is not offered to somebody who may undo."""
    status = expected(action, person, opener, state)
    if action == "open":
        return status != 403 and not state.is_open
    if action == "delete":
        return status != 403
    return status == 303 and not (action == "lift" and "undo" in offers)
