"""The record of one customer as pages show it: whole, as a row of a list, or as what is left of a
deleted one.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import g, render_template, request

from webapp.blacklist import as_of, four_eyes, opening, review_undo
from webapp.blacklist.case import closed_cases, find_open
from webapp.blacklist.models import Blacklisting
from webapp.customers import finding
from webapp.customers.erase import refusal_to_delete
from webapp.customers.models import Customer, Tombstone
from webapp.history.entries import HistoryEntry, entries_of, first_entry
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.lookalikes import known_identifiers, pairs
from webapp.search import results
from webapp.staff.permissions import Permission
from webapp.web.blacklist.addresses import wanted_in_queue
from webapp.web.blacklist.review_page import turn_partials
from webapp.web.frame.auth import actor, visitor
from webapp.web.frame.histories import ENTRIES_SHOWN, asked_before, asked_history
from webapp.web.frame.htmx import partial
from webapp.web.frame.jinja import may_visitor

TOLD_FOR = timedelta(days=1)
FROM_A_LIST, FROM_THE_QUEUE = "list", "queue"
PLACES = {FROM_A_LIST, FROM_THE_QUEUE}


def all_about(customer: Customer) -> dict[str, Any]:
    """What `customers/_record.html` needs."""
    case, asked = find_open(customer), asked_history(customer.subject)
    duplicates, told_apart = pairs.duplicates_of(customer)
    may_review = may_visitor(Permission.REVIEW)
    return asked | {
        "customer": customer,
        "last": entries_of(customer.subject, limit=1)[0]
        if asked["before"]
        else asked["entries"][0],
        "case": case,
        "former": known_identifiers.former(case.seq, customer) if case else {},
        "may_undo": case is not None and _may_undo(case),
        "may_lift": may_review
        and case is not None
        and four_eyes.refusal_to_lift(case, by=actor()) is None,
        "undoable": review_undo.find_undoable(customer, by=actor(), now=clock.now())
        if may_review
        else None,
        "may_delete": refusal_to_delete(customer, by=actor()) is None,
        "closed_cases": closed_cases(customer.seq),
        "created": first_entry(customer.subject),
        "merged_over": None if asked["before"] else _merged_over(asked["entries"]),
        "duplicates": duplicates,
        "told_apart": told_apart,
        "past": None,
    }


def as_it_was(customer: Customer, at: datetime) -> str:
    """The page of a customer as it stood at a moment: nothing can be done there.

    Raises:
        NotFound: `not_yet`.
    """
    g.reading_at = at
    then = as_of.as_it_was(customer, at)
    before = asked_before()
    entries = [entry for entry in then.entries if before is None or entry.number < before]
    return render_template(
        "customers/past_customer.html",
        past=then,
        customer=then.customer,
        case=then.case,
        closed_cases=then.closed_cases,
        created=then.entries[-1],
        last=then.entries[0],
        entries=entries[:ENTRIES_SHOWN],
        before=before,
        former=known_identifiers.former(then.case.seq, then.customer, at=at) if then.case else {},
        may_undo=False,
        may_lift=False,
    )


def _may_undo(case: Blacklisting) -> bool:
    refusal = opening.refusal_to_undo(case, by=actor(), now=clock.now())
    return refusal is None and may_visitor(Permission.BLACKLIST)


def _merged_over(entries: list[HistoryEntry]) -> HistoryEntry | None:
    """The change of somebody else that was lately merged with one of the reader's, so that both are
    told.
    """
    me, since = visitor().id, clock.now() - TOLD_FOR
    mine = {
        entry.version for entry in entries if entry.actor_kind == "staff" and entry.actor_id == me
    }
    for entry in entries:
        seen = entry.based_on if entry.based_on is not None else entry.version
        if (
            entry.at > since
            and entry.version not in mine
            and mine & set(range(seen + 1, entry.version))
        ):
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
    if place == FROM_THE_QUEUE:
        return turn_partials(wanted_in_queue(), parse_int(request.form.get("following")))
    if place == FROM_A_LIST:
        row = render_template("customers/_row.html", row=results.listed(customer_id))
        return partial(f"#c-{customer_id}", row, swap="outerMorph")
    record = render_template(
        "customers/_record.html", **all_about(finding.get_customer(customer_id))
    )
    return partial("#record", record, swap="outerMorph")
