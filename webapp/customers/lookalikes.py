"""Possible duplicates: other records that are probably the same person, and why. Indexed look-ups only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from webapp.customers.details import Details, email_person
from webapp.customers.folding import name_key
from webapp.customers.models import Customer
from webapp.database import db

MOST_SHOWN = 10


@dataclass(frozen=True)
class Lookalike:
    """Another record, with the signals that speak for the same person: `phone`, `email`, `name`."""

    customer: Customer
    signals: tuple[str, ...]


def possible_duplicates(person: Details, *, other_than: int | None = None) -> list[Lookalike]:
    """Records with the same phone, or e-mail but for case, plus part and Gmail dots, or name and dial code.

    Args:
        person: Their details as far as they are known; what is empty is not compared.
        other_than: `seq` of the customer that they are compared with.

    Returns:
        At most ten, those with the most signals first.
    """
    signals: dict[str, ColumnElement[bool]] = {}
    if person.phone:
        signals["phone"] = Customer.phone == person.phone
    if person.email:
        signals["email"] = Customer.email_person == email_person(person.email)
    if person.first_name and person.last_name and person.dial_code:
        same_name = Customer.name_key == name_key(person.first_name, person.last_name)
        signals["name"] = same_name & (Customer.dial_code == person.dial_code)
    found: dict[int, tuple[Customer, list[str]]] = {}
    for signal, condition in signals.items():
        for customer in _matching(condition, other_than):
            found.setdefault(customer.seq, (customer, []))[1].append(signal)
    ranked = sorted(found.values(), key=lambda pair: (-len(pair[1]), pair[0].seq))
    return [Lookalike(customer, tuple(names)) for customer, names in ranked[:MOST_SHOWN]]


def _matching(condition: Any, other_than: int | None) -> list[Customer]:
    query = select(Customer).where(condition, Customer.seq != (other_than or 0)).order_by(Customer.seq.desc())
    return list(db.session.scalars(query.limit(MOST_SHOWN)))
