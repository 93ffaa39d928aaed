"""What merged records keep for themselves: their addresses and references are taken, and searches
for them find the survivor.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select

from webapp.customers.changes import EmailTaken, ReferenceTaken
from webapp.customers.merged import (
    OF_MERGES,
    MergedCustomer,
    also_known_text,
    direct_record,
    emails_under,
    find_survivor,
    is_named_by_any,
    records_named,
    survivor_of,
)
from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection
from webapp.history.entries import Subject
from webapp.kernel.database import db
from webapp.merging.pair import drop_requests


class MergedRecords(Projection):
    """Refuses an address or reference of a merged record to others than its survivor: at the
    instant of a merge, nobody else could see it.
    """

    def follow(self, change: Change[Any]) -> None:
        row = change.row
        is_concerned = isinstance(row, Customer) and change.after and change.kind not in OF_MERGES
        if not is_concerned or not change.altered("email_key") or not is_named_by_any(row):
            return
        _keep_addresses(change)
        if change.is_new:
            _keep_references(row)

    def forget(self, subject: Subject) -> None:
        drop_requests(subject.seq)

    def faults(self) -> Iterator[str]:
        for customer, _ in _wrongly_known():
            yield f"customer {customer.seq} is not found by what is known of merged records"

    def rebuild(self) -> None:
        for customer, text in _wrongly_known():
            customer.also_known = text
            customer.take(customer.details)
        db.session.flush()


def _keep_addresses(change: Change[Customer]) -> None:
    """A survivor may take an address of theirs; the one that they leave for it is kept as well, so
    that they have it again when the record takes its own with it.
    """
    key = change.row.email_key
    for record in records_named("email_key", key):
        survivor = survivor_of(record)
        if survivor.seq != change.row.seq:
            raise EmailTaken({"email": [EmailTaken.sentence]}, survivor.id)
        direct = direct_record(record, survivor)
        is_leaving = key in emails_under(direct)
        if is_leaving and direct.replaced_email is None and change.before:
            direct.replaced_email = change.before["email"]
            direct.replaced_email_key = change.before["email_key"]


def _keep_references(customer: Customer) -> None:
    survivor = find_survivor("reference", customer.reference.lower())
    if survivor:
        raise ReferenceTaken({"reference": [ReferenceTaken.sentence]}, survivor.id)


def _wrongly_known() -> list[tuple[Customer, str]]:
    survivors = select(MergedCustomer.survivor_seq)
    some = select(Customer).where(or_(Customer.also_known != "", Customer.seq.in_(survivors)))
    known = [(one, also_known_text(one.seq)) for one in db.session.scalars(some).all()]
    return [(one, text) for one, text in known if one.also_known != text]
