"""The blacklist: the open case of a customer, and the cases that were closed."""

from sqlalchemy import select

from webapp.customers.models import Blacklisting, Customer
from webapp.database import db

REASON_NAMES = {
    "fraud": "Fraud",
    "chargeback": "Charge-back",
    "identity": "False identity",
    "abuse": "Abuse of staff",
    "terms": "Broke the terms",
    "request": "At the customer's request",
    "other": "Other",
    "unspecified": "No reason given",
}


def find_open(customer: Customer) -> Blacklisting | None:
    """The case that keeps this customer on the blacklist."""
    if not customer.blacklisted:
        return None
    query = select(Blacklisting).where(Blacklisting.customer_seq == customer.seq, Blacklisting.closed_at.is_(None))
    return db.session.scalar(query)
