"""Similar customers beside what was typed: what is the same, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.customers.fields import Details
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.lookalikes.signals import Lookalike
from webapp.web.frame.reading_budget import count_read

COMPARED = ("first_name", "last_name", "email", "phone", "birthday")


@dataclass(frozen=True)
class LookalikeView:
    """Somebody in the book who may be the person that was typed.

    Attributes:
        signals: Why they may be.
        differs: The details in which they are not the same.
    """

    customer: Customer
    signals: tuple[str, ...]
    differs: frozenset[str]


def lookalike_views(similar: Sequence[Lookalike], typed: Details) -> list[LookalikeView]:
    """Those found, the most similar first, each with what differs from what was typed."""
    seqs = [one.customer.seq for one in similar]
    query = select(Customer).where(Customer.seq.in_(seqs))
    customers = {one.seq: one for one in db.session.scalars(query)} if seqs else {}
    count_read(len(customers))
    return [
        LookalikeView(customer, one.signals, _differences(customer, typed))
        for one in similar
        if (customer := customers.get(one.customer.seq))
    ]


def _differences(customer: Customer, typed: Details) -> frozenset[str]:
    return frozenset(
        name for name in COMPARED if (getattr(customer, name) or "") != (getattr(typed, name) or "")
    )
