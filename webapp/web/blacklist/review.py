"""The review queue, one case after the other: uphold, overturn, skip, undo."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist import case_counts
from webapp.blacklist.case import customer_of
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import claims, queue, review, review_undo
from webapp.blacklist.reviewing.review import MAX_AT_ONCE, ReviewOutcome
from webapp.customers.changes import CustomerDeleted
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import address_of, queue_filters, queue_url
from webapp.web.blacklist.forms import ReviewForm, note_not_kept
from webapp.web.blacklist.pages import DecideCase, ReviewQueue
from webapp.web.blacklist.review_page import at_the_queue, review_queue_page, turn_partials
from webapp.web.customers.show import drawn_anew
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import (
    flash_outcome,
    flash_success,
    go_to,
    refused,
    toast,
    wants_fragment,
)
from webapp.web.frame.pages import Undo
from webapp.web.frame.reading_budget import count_read
from webapp.web.frame.return_to import ReturnTo, Where, asked_return

CASE = "<int(max=999999999):case_seq>"
DECIDED = {
    Decision.UPHELD: "{} stays blacklisted.",
    Decision.OVERTURNED: "{} is no longer blacklisted.",
}


class NotChosen(InvalidDetails):
    sentence = "Choose whether to keep or remove it"


@blacklist.get("/review")
@needs(Permission.REVIEW)
def review_queue() -> ResponseReturnValue:
    count_read(1)
    return _whole(review_queue_page(queue_filters(), None))


@blacklist.get(f"/review/{CASE}")
@needs(Permission.REVIEW)
def review_case(case_seq: int) -> ResponseReturnValue:
    """The queue at a given case, or at the first one if that case no longer waits; with `onward`,
    as in the address of Skip, at the one behind it if somebody else is at it.
    """
    count_read(1)
    typed = drafts.restored()
    form = ReviewForm.about(case_seq, typed) if typed else None
    onward = "onward" in request.args
    return _whole(review_queue_page(queue_filters(), case_seq, form, onward=onward))


def _whole(page: ReviewQueue) -> ReviewQueue:
    return replace(page, openers=[opener for opener, _ in case_counts.openers()])


@blacklist.post(f"/review/{CASE}")
@needs(Permission.REVIEW)
@carried
def decide_case(case_seq: int) -> ResponseReturnValue:
    form, filters = ReviewForm.about(case_seq, request.form), queue_filters()
    try:
        done = review.decide(case_seq, _decision(), by=actor(), **decision_of(form))
    except Invalid as refusal:
        return _asked_again(form, case_seq, refusal)
    except (Conflict, CustomerDeleted) as refusal:
        return _next(f"{refusal.message}.{note_not_kept(form)}", kind="notice")
    drafts.forget()
    message = DECIDED[Decision(done.decision)].format(review.name_by_case(case_seq))
    undo = undo_of([done.seq], at_the_queue(filters, case_seq))
    return _next(message, kind="success", undo=undo)


@blacklist.post(f"/review/{CASE}/claim")
@needs(Permission.REVIEW)
def claim_case(case_seq: int) -> ResponseReturnValue:
    """The reader is at a case that a page has just shown; reading itself writes nothing."""
    claims.claim(case_seq, by=actor())
    return "", 204


def undo_of(review_seqs: Sequence[int], place: ReturnTo) -> Undo:
    """The form that undoes reviews and leads back to where they were made."""
    named = "-".join(map(str, review_seqs))
    return Undo(url_for("blacklist.undo_reviews"), {"reviews": named, "return_to": place.sealed()})


def _decision() -> Decision:
    try:
        return Decision(request.form.get("decision", ""))
    except ValueError:
        raise NotChosen({"note": ["Keep it or remove it"]}) from None


def decision_of(form: ReviewForm) -> dict[str, Any]:
    """What accompanies a decision, as arguments of the use case."""
    return {
        "note": form.submitted["note"] or "",
        "look_again_after": parse_int(form.submitted["look_again_after"]) or 0,
    }


def _asked_again(form: ReviewForm, case_seq: int, refusal: Invalid) -> ResponseReturnValue:
    """Show the form again with what was typed and what is wrong, alone or on the whole page."""
    form.show(refusal)
    page = review_queue_page(queue_filters(), case_seq, form)
    if page.present is None or page.present.case.seq != case_seq:
        return _next(f"Somebody has reviewed this already.{note_not_kept(form)}", kind="notice")
    if wants_fragment():
        return refused(DecideCase(shown=page.present), refusal)
    return refused(_whole(page), refusal)


def _next(message: str, *, kind: str, undo: Undo | None = None) -> ResponseReturnValue:
    """Say what was decided and show the next case."""
    place = asked_return()
    if wants_fragment():
        return turn_partials(place) + toast(message, kind=kind, undo=undo)
    flash_outcome(message, kind=kind, undo=undo)
    filters = queue_filters()
    turn = queue.turn(filters, by=actor(), case_seq=place.case_seq, onward=place.onward)
    following = turn.present.case.seq if turn else None
    if following:
        claims.claim(following, by=actor())
    return go_to(queue_url(filters, case_seq=following))


@blacklist.post("/review/undo")
@needs(Permission.REVIEW)
def undo_reviews() -> ResponseReturnValue:
    seqs = review_seqs(request.form.get("reviews", ""))
    if not seqs:
        raise review_undo.NoSuchReview
    outcomes = review_undo.undo_all(seqs, by=actor())
    undone = [outcome for outcome in outcomes if outcome.review]
    if not undone:
        raise outcomes[0].refused
    what = f"Your review of {review.name_by_case(undone[0].case_seq)} is"
    if len(undone) > 1:
        what = f"Your reviews of {len(undone)} customers are"
    left_alone = [describe(outcome) for outcome in outcomes if outcome.refusal]
    return _answer_undo(undone[0], " ".join([f"{what} undone.", *left_alone]))


def review_seqs(text: str) -> list[int]:
    """The numbers of reviews in a text such as `12-13`; parts that are no number are left out."""
    return [number for part in text.split("-")[:MAX_AT_ONCE] if (number := parse_int(part))]


def _answer_undo(first: ReviewOutcome, message: str) -> ResponseReturnValue:
    """Return to where the undo came from: the case in the queue, the list, or the customer."""
    place = asked_return()
    if wants_fragment() and place.where is not Where.WAITING and first.customer:
        return drawn_anew(first.customer.id, place) + toast(message, kind="success")
    flash_success(message)
    return go_to(address_of(place, customer_of(first.case_seq)))


def describe(outcome: ReviewOutcome) -> str:
    """Why one case of several was left as it is."""
    name = outcome.customer.full_name if outcome.customer else "A customer"
    return f"{name}: {outcome.refused.message}."
