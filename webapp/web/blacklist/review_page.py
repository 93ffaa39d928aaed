"""The review queue as pages show it: the case whose turn it is, with the next already loaded."""

from dataclasses import replace

from webapp.blacklist.case import closed_cases
from webapp.blacklist.filters import CaseFilter
from webapp.blacklist.listing import CaseRow
from webapp.blacklist.reviewing import claims, queue, review
from webapp.history.entries import entries_of
from webapp.kernel import clock
from webapp.lookalikes import known_identifiers, pairs
from webapp.web.blacklist.addresses import queue_arguments, queue_url, read_queue_filters
from webapp.web.blacklist.forms import ReviewForm
from webapp.web.blacklist.pages import CaseView, ReviewQueue
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import partial
from webapp.web.frame.jinja import waiting_count
from webapp.web.frame.return_to import ReturnTo, Where

ENTRIES_SHOWN = 8


def review_queue_page(
    filters: CaseFilter,
    case_seq: int | None,
    form: ReviewForm | None = None,
    *,
    onward: bool = False,
) -> ReviewQueue:
    """The queue at a case.

    Args:
        case_seq: The requested case; if it no longer waits, the first one is shown.
        onward: As for `queue.turn`.
        form: What was typed about it, if it was refused.
    """
    turn = queue.turn(filters, by=actor(), case_seq=case_seq, onward=onward)
    present, following = (turn.present, turn.following) if turn else (None, None)
    typed = form if present and present.case.seq == case_seq else None
    around = present if turn and turn.total > 1 else None
    return ReviewQueue(
        filters=filters,
        turn=turn,
        present=_present(present, filters, following, typed) if present else None,
        following=_shown(following, filters, around) if following else None,
    )


def _present(
    listed: CaseRow, filters: CaseFilter, behind: CaseRow | None, form: ReviewForm | None
) -> CaseView:
    shown = _shown(listed, filters, behind, form)
    return replace(shown, other=claims.others_at([shown.case.seq], by=actor()).get(shown.case.seq))


def _shown(
    listed: CaseRow,
    filters: CaseFilter,
    behind: CaseRow | None,
    form: ReviewForm | None = None,
) -> CaseView:
    case, customer = listed.case, listed.customer
    assert customer, "a case that waits has a customer"
    behind_seq = behind.case.seq if behind else None
    similar = pairs.duplicates_of(customer)
    return CaseView(
        case=case,
        customer=customer,
        entries=entries_of(customer.subject, limit=ENTRIES_SHOWN),
        lookalikes=similar.alike,
        marked=similar.marked,
        closed_cases=list(closed_cases(customer.seq)),
        former=known_identifiers.former(case.seq, customer),
        refusal=review.refusal_to_review(case, by=actor(), now=clock.now()),
        other=None,
        form=form or ReviewForm.about(case.seq),
        skip=queue_url(filters, case_seq=behind_seq, onward=True) if behind else None,
        go_on=at_the_queue(filters, behind_seq, onward=True).sealed(),
        stay=at_the_queue(filters, case.seq).sealed(),
    )


def at_the_queue(filters: CaseFilter, case_seq: int | None, *, onward: bool = False) -> ReturnTo:
    return ReturnTo(Where.QUEUE, queue_arguments(filters), case_seq, onward)


def turn_partials(place: ReturnTo) -> str:
    """Redraw the queue on a page that shows it, and the count in the navigation; the manager is now
    at the case that is shown.
    """
    page = review_queue_page(read_queue_filters(place.filters), place.case_seq, onward=place.onward)
    if page.present:
        claims.claim(page.present.case.seq, by=actor())
    turn, count = page.part(), waiting_count()
    return partial("#turn", turn, swap="outerMorph") + partial("#waiting-count", count)
