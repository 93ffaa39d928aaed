"""Editing a customer. Concurrent edits never lose a change: groups of fields are merged."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from webapp.customers.changes import changing_customer
from webapp.customers.clashes import ChangedMeanwhile, as_it_was, differing, merge, values_of
from webapp.customers.fields import Details, ask_for_a_name, read_details
from webapp.customers.models import Customer
from webapp.customers.uniqueness import note_taken, refuse_taken
from webapp.history.changes import Change
from webapp.history.entries import Actor, HistoryEntry, entries_since
from webapp.kernel.submission import Submission

# Called with details before they are saved, and with the customer as stored if there is one.
Check = Callable[[Details, Customer | None], None]


def let_pass(_details: Details, _stored: Customer | None) -> None:
    """Refuse nobody."""


@dataclass(frozen=True)
class Edit:
    """The outcome of an edit.

    Attributes:
        customer: As they stand now.
        fields: What this edit changed; empty if everything already was as submitted.
        merged: Changes by others since the submitted version, which were kept.
    """

    customer: Customer
    fields: tuple[str, ...]
    merged: tuple[HistoryEntry, ...]


def change(
    customer_id: UUID,
    raw: Mapping[str, Any],
    *,
    based_on: int | None = None,
    by: Actor,
    only_versions: Collection[int] | None = None,
    check: Check = let_pass,
) -> Edit:
    """Change a customer's details.

    Each group of fields is merged on its own: a group that the submission left as it was at
    `based_on` keeps the changes of others; a group that both changed, differently, is refused and
    asked about.

    Args:
        raw: As for `read_details`; absent fields stay as they are.
        based_on: The version that was edited; by default the present one. It is one of that very
            record, which may have been merged into another since.
        only_versions: Refuse, instead of merging, unless the customer has one of these versions.
        check: May refuse the details, in the transaction that changes them.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `customer_merged`.
        Invalid: `invalid_details`, or `email_taken`.
        ChangedMeanwhile: with the fields that both changed.
        Outdated: the version is none of `only_versions`.
    """
    try:
        with changing_customer(
            customer_id, by=by, only_versions=only_versions, or_survivor=based_on is None
        ) as change:
            seen = change.row.version if based_on is None else based_on
            return _change(change, raw, seen, check)
    except IntegrityError as error:
        refuse_taken(read_details(raw), error)


def read_change(raw: Mapping[str, Any], stored: Details, *, by: Actor) -> Submission:
    """Read what is submitted to change a customer, with every problem that the book need not be
    asked about.
    """
    submission = read_details(raw, stored=stored)
    if by.kind != "key":
        ask_for_a_name(submission, stored)
    return submission


def _change(change: Change[Customer], raw: Mapping[str, Any], based_on: int, check: Check) -> Edit:
    customer = change.row
    meanwhile = entries_since(customer.subject, based_on) if based_on < customer.version else []
    base, current = as_it_was(customer, meanwhile), values_of(customer.details)
    submission = read_change(raw, Details(**base), by=change.by)
    if submission.values.get("email") != base["email"]:
        note_taken(submission, other_than=customer)
    submission.refuse_if_wrong()
    values, clashes = merge(base, current, submission.values, meanwhile)
    if clashes:
        raise ChangedMeanwhile(clashes, Details(**values), customer.version)
    changed = tuple(name for name in values if values[name] != current[name])
    merged = tuple(entry for entry in meanwhile if set(entry.fields) & current.keys())
    if changed:
        check(Details(**values), customer)
        customer.take(Details(**values))
        kind = "changed_on_blacklist" if customer.blacklisted else "changed"
        old, new = differing(current, values)
        change.record(kind, old=old, new=new, based_on=based_on)
    return Edit(customer, changed, merged)
