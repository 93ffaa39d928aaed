"""Possible duplicates: other records that are probably the same person, and why. Indexed look-ups only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from webapp.customers.details import email_person
from webapp.customers.folding import name_key
from webapp.customers.models import Customer
from webapp.database import db

MOST_SHOWN = 10


@dataclass(frozen=True)
class Lookalike:
    """Another record, with the signals that speak for the same person: `phone`, `email`, `name`."""

    customer: Customer
    signals: tuple[str, ...]


def possible_duplicates(
    *,
    first_name: str,
    last_name: str,
    email: str,
    phone: str | None,
    dial_code: str | None,
    other_than: int | None = None,
) -> list[Lookalike]:
    """Records with the same phone, or e-mail but for case, plus part and Gmail dots, or name and dial code.

    Args:
        other_than: `seq` of the customer that they are compared with.

    Returns:
        At most ten, those with the most signals first.
    """
    signals: dict[str, ColumnElement[bool]] = {}
    if phone:
        signals["phone"] = Customer.phone == phone
    if email:
        signals["email"] = Customer.email_person == email_person(email)
    if first_name and last_name and dial_code:
        signals["name"] = (Customer.name_key == name_key(first_name, last_name)) & (Customer.dial_code == dial_code)
    found: dict[int, tuple[Customer, list[str]]] = {}
    for signal, condition in signals.items():
        for customer in _matching(condition, other_than):
            found.setdefault(customer.seq, (customer, []))[1].append(signal)
    ranked = sorted(found.values(), key=lambda pair: (-len(pair[1]), pair[0].seq))
    return [Lookalike(customer, tuple(names)) for customer, names in ranked[:MOST_SHOWN]]


def _matching(condition: Any, other_than: int | None) -> list[Customer]:
    query = select(Customer).where(condition, Customer.seq != (other_than or 0)).order_by(Customer.seq.desc())
    return list(db.session.scalars(query.limit(MOST_SHOWN)))
