"""The record of one customer as pages show it: whole, as a row of a list, or as what is left of a deleted one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import render_template

from webapp import clock, history
from webapp.customers import blacklist, directory, review, search
from webapp.customers.case_record import closed_cases, find_open
from webapp.customers.cases import Blacklisting
from webapp.customers.deletion import refusal_to_delete
from webapp.customers.lookalikes import possible_duplicates
from webapp.customers.models import Customer, Tombstone
from webapp.history import HistoryEntry
from webapp.pages.doorway import actor, visitor
from webapp.pages.fragments import partial
from webapp.pages.histories import asked_history
from webapp.pages.presentation import may_visitor
from webapp.staff.access import Permission

TOLD_FOR = timedelta(days=1)
FROM_A_LIST = "list"


def all_about(customer: Customer) -> dict[str, Any]:
    """What `customers/_record.html` needs."""
    case, asked = find_open(customer), asked_history(customer.subject)
    return asked | {
        "customer": customer,
        "last": history.entries_of(customer.subject, limit=1)[0] if asked["before"] else asked["entries"][0],
        "case": case,
        "may_undo": case is not None and _may_undo(case),
        "may_lift": case is not None and review.refusal_to_lift(case, by=actor()) is None,
        "may_delete": refusal_to_delete(customer) is None,
        "closed_cases": closed_cases(customer.seq),
        "created": history.first_entry(customer.subject),
        "merged_over": None if asked["before"] else _merged_over(asked["entries"]),
        "duplicates": possible_duplicates(customer.details, other_than=customer.seq),
    }


def _may_undo(case: Blacklisting) -> bool:
    refusal = blacklist.refusal_to_undo(case, by=actor(), now=clock.now())
    return refusal is None and may_visitor(Permission.BLACKLIST)


def _merged_over(entries: list[HistoryEntry]) -> HistoryEntry | None:
    """The change of somebody else that was lately merged with one of the reader's, so that both are told."""
    me, since = visitor().id, clock.now() - TOLD_FOR
    mine = {entry.version for entry in entries if entry.actor_kind == "staff" and entry.actor_id == me}
    for entry in entries:
        seen = entry.based_on if entry.based_on is not None else entry.version
        if entry.at > since and entry.version not in mine and mine & set(range(seen + 1, entry.version)):
            return entry
    return None


def what_is_left(tombstone: Tombstone) -> str:
    return render_template(
        "customers/deleted_customer.html",
        tombstone=tombstone,
        closed_cases=closed_cases(tombstone.customer_seq),
        **asked_history(tombstone.subject),
    )


def shown_again(customer_id: UUID, place: str) -> str:
    """A customer anew where the request came from: their row in a list, or their whole record.

    Raises:
        CustomerDeleted: somebody deleted them just now.
    """
    if place == FROM_A_LIST:
        row = render_template("customers/_row.html", row=search.listed(customer_id))
        return partial(f"#c-{customer_id}", row, swap="outerMorph")
    record = render_template("customers/_record.html", **all_about(directory.get_customer(customer_id)))
    return partial("#record", record, swap="outerMorph")
