"""A small cast: Adwoa is an admin, Ama a manager, Esi and Kwame are agents, Yaw is a viewer. Kofi
is a customer.
"""

from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask

from webapp.blacklist import opening
from webapp.blacklist.case import find_open
from webapp.blacklist.reviewing import marks, review
from webapp.customers import erase, finding, register
from webapp.customers.models import Customer
from webapp.history.entries import Actor, entries_of
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.lookalikes import distinct
from webapp.staff.models import StaffMember
from webapp.staff.passwords import hashed
from webapp.staff.sessions import Place, begin_session

PASSWORD = "correct horse battery"
ROLES = {"Adwoa": "admin", "Ama": "manager", "Esi": "agent", "Kwame": "agent", "Yaw": "viewer"}
KOFI = {
    "first_name": "Kofi",
    "last_name": "Annan",
    "email": "kofi.annan@example.com",
    "phone": "+233201234567",
}


@cache
def _password_hash() -> str:
    return hashed(PASSWORD)


def hire(*names: str, **columns: Any) -> None:
    """Make members of the cast staff, with `PASSWORD`."""
    with writing():
        for name in names or ROLES:
            email = f"{name.lower()}@example.com"
            member = {
                "email": email,
                "email_key": email,
                "name": name,
                "role": ROLES[name],
                "created_at": clock.now(),
            }
            db.session.add(StaffMember(**(member | {"password_hash": _password_hash()} | columns)))


def member(name: str) -> StaffMember:
    return db.session.query(StaffMember).filter_by(name=name).populate_existing().one()


def actor(name: str) -> Actor:
    return Actor(kind="staff", id=member(name).id, name=name, door="page")


SOMEBODY = Actor(kind="system", id=None, name="Somebody", door="command")


def add(**details: Any) -> Customer:
    """Add Kofi, or somebody like him."""
    by = details.pop("by", SOMEBODY)
    return register.register(KOFI | details, by=by)


def session_token(app: Flask, name: str) -> str:
    """The session cookie of a signed-in member, without spending the 25 ms that
    hashing a password takes.
    """
    with app.app_context(), writing():
        return begin_session(member(name).id, place=Place(address="127.0.0.1"))


def kinds(row: Customer | StaffMember) -> list[str]:
    """The kinds of a subject's history entries, newest first."""
    return [entry.kind for entry in entries_of(row.subject)]


def remove(customer_id: UUID) -> None:
    """Delete a customer, lifting an open case first."""
    case = find_open(finding.get_customer(customer_id))
    if case:
        review.lift(customer_id, case_seq=case.seq, note="Next.", by=actor("Ama"))
    erase.delete_customer(customer_id, by=actor("Ama"))


def bad(**details: Any) -> Customer:
    """A customer like Kofi, blacklisted by Esi."""
    return blacklist(add(**details))


def blacklist(customer: Customer, by: str = "Esi") -> Customer:
    opening.open_case(customer.id, reason="fraud", by=actor(by))
    return finding.get_customer(customer.id)


def cleared(customer: Customer, by: str = "Ama") -> None:
    """Take a customer off the blacklist."""
    case = find_open(finding.get_customer(customer.id))
    assert case
    review.lift(customer.id, case_seq=case.seq, note="Paid.", by=actor(by))


def tell_apart(good: Customer, blacklisted: Customer) -> None:
    """Mark them as different people: Kwame asks, Ama agrees."""
    note = "Two passports."
    distinct.mark_distinct(good.id, blacklisted.id, note=note, by=actor("Kwame"))
    marks.agree(good.id, blacklisted.id, by=actor("Ama"))
