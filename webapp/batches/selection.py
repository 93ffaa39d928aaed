"""Who is selected on a list: those who were ticked, or all that match its filters."""

from collections.abc import Sequence
from datetime import tzinfo
from uuid import UUID

from sqlalchemy import select

from webapp.batches.bulk import MOST_CHOSEN, TooManyChosen
from webapp.batches.models import ChangeRow, ChangeSet
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.search.filters import CustomerFilter
from webapp.transfer import exports


def ticked(ids: Sequence[UUID]) -> list[int]:
    """The keys of the customers with these ids, without those who are not in the book any more."""
    chosen = select(Customer.seq).where(Customer.id.in_(ids)).order_by(Customer.seq)
    return list(db.session.scalars(chosen))


def all_that_match(filters: CustomerFilter, zone: tzinfo) -> list[int]:
    """The keys of everybody on a list.

    Raises:
        Invalid: `selection_too_large`, or `search_too_wide`.
    """
    seqs = exports.short_list(filters, zone)
    if seqs is None or len(seqs) > MOST_CHOSEN:
        raise TooManyChosen
    return seqs


def number_since(one: ChangeSet, filters: CustomerFilter, zone: tzinfo) -> int:
    """How many match the filters of a set by now who were not there when it was proposed."""
    seqs = exports.short_list(filters, zone) or []
    theirs = select(ChangeRow.customer_seq).where(ChangeRow.set_seq == one.seq)
    return len(set(seqs) - set(db.session.scalars(theirs)))
