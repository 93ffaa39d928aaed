"""The review queue as pages show it: the case whose turn it is, ready to be decided, and the next
one already there.
"""

from dataclasses import dataclass
from typing import Any

from flask import render_template

from webapp.blacklist import queue, review
from webapp.blacklist.case import closed_cases
from webapp.blacklist.filters import CaseFilter
from webapp.blacklist.listing import ListedCase
from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry, entries_of
from webapp.kernel import clock
from webapp.kernel.refusals import Conflict
from webapp.lookalikes import known_identifiers, pairs
from webapp.lookalikes.signals import Lookalike
from webapp.web.frame.auth import actor
from webapp.web.frame.forms import ReviewForm
from webapp.web.frame.htmx import partial
from webapp.web.frame.jinja import waiting_count

ENTRIES_SHOWN = 8


@dataclass(frozen=True)
class ShownCase:
    """A case with all that a manager needs to decide it.

    Attributes:
        refusal: Why this manager may not decide it.
    """

    case: Blacklisting
    customer: Customer
    entries: list[HistoryEntry]
    lookalikes: list[Lookalike]
    closed_cases: list[Blacklisting]
    former: dict[str, list[str]]
    refusal: Conflict | None
    form: ReviewForm


def turn_shown(
    wanted: CaseFilter, case_seq: int | None, form: ReviewForm | None = None
) -> dict[str, Any]:
    """What `review/_turn.html` needs.

    Args:
        case_seq: The case that was asked for; if it waits no longer, the first one is shown.
        form: What was typed about it, if it was refused.
    """
    turn = queue.turn(wanted, by=actor(), case_seq=case_seq)
    is_same = turn is not None and turn.present.case.seq == case_seq
    return {
        "wanted": wanted,
        "turn": turn,
        "present": shown_case(turn.present, form if is_same else None) if turn else None,
        "following": shown_case(turn.following) if turn and turn.following else None,
    }


def shown_case(listed: ListedCase, form: ReviewForm | None = None) -> ShownCase:
    case, customer = listed.case, listed.customer
    assert customer, "a case that waits has a customer"
    lookalikes, _ = pairs.duplicates_of(customer)
    return ShownCase(
        case,
        customer,
        entries_of(customer.subject, limit=ENTRIES_SHOWN),
        lookalikes,
        list(closed_cases(customer.seq)),
        known_identifiers.former(case.seq, customer),
        review.refusal_to_review(case, by=actor(), now=clock.now()),
        form or ReviewForm.about(case.seq),
    )


def turn_partials(wanted: CaseFilter, case_seq: int | None) -> str:
    """The queue anew in a page that shows it, and its count in the navigation."""
    shown = render_template("review/_turn.html", **turn_shown(wanted, case_seq))
    return partial("#turn", shown, swap="outerMorph") + partial("#waiting-count", waiting_count())
