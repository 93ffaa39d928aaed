"""The review queue, one case after the other: uphold, overturn, skip, take back."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.customers import caseload, review
from webapp.customers.case_record import customer_of
from webapp.customers.cases import Decision
from webapp.customers.models import Customer
from webapp.errors import Conflict, Invalid, NotFound
from webapp.http import needs, status_of
from webapp.numbers import whole_number
from webapp.pages import pages, unsaved
from webapp.pages.case_lists import queue_url, wanted_in_queue
from webapp.pages.customer_record import FROM_THE_QUEUE, shown_again
from webapp.pages.doorway import actor
from webapp.pages.forms import ReviewForm
from webapp.pages.fragments import flash_notice, flash_success, go_to, toast, wants_fragment
from webapp.pages.turns import turn_partials, turn_shown
from webapp.staff.access import Permission

CASE = "<int(max=999999999):case_seq>"
DECIDED = {Decision.UPHELD: "The blacklisting of {} stands.", Decision.OVERTURNED: "{} is no longer blacklisted."}


@pages.get("/review")
@needs(Permission.REVIEW)
def review_queue() -> ResponseReturnValue:
    return _page(turn_shown(wanted_in_queue(), None))


@pages.get(f"/review/{CASE}")
@needs(Permission.REVIEW)
def review_case(case_seq: int) -> ResponseReturnValue:
    """The queue at a certain case, or at the first one if that does not wait any more."""
    typed = unsaved.restored()
    form = ReviewForm.about(case_seq, typed) if typed else None
    return _page(turn_shown(wanted_in_queue(), case_seq, form))


def _page(shown: dict[str, Any]) -> str:
    openers = caseload.openers(shown["wanted"])
    return render_template("review/review_queue.html", openers=openers, done=undoable(), **shown)


def undoable() -> dict[str, Any] | None:
    """The reviews that were just made, as the address names them, if this person can still take them back."""
    seqs = review_seqs(request.args.get("done", ""))
    mine = review.undoable(seqs, by=actor(), now=clock.now())
    if not mine:
        return None
    return {"address": url_for("pages.undo_reviews"), "fields": {"reviews": "-".join(map(str, mine))}}


def review_seqs(text: str) -> list[int]:
    """The numbers of reviews that a text such as `12-13` names; what is none is left out."""
    return [number for part in text.split("-")[: review.MOST_AT_ONCE] if (number := whole_number(part))]


@pages.post(f"/review/{CASE}")
@needs(Permission.REVIEW)
def decide_case(case_seq: int) -> ResponseReturnValue:
    form, wanted = ReviewForm.about(case_seq, request.form), wanted_in_queue()
    customer_of(case_seq)
    following = whole_number(request.form.get("following"))
    try:
        done = review.decide(case_seq, _decision(), by=actor(), **decision_of(form))
    except Invalid as refusal:
        return _asked_again(form, case_seq, refusal)
    except Conflict as refusal:
        lost = f" Your note was not kept: “{form.note.data}”" if form.note.data else ""
        return _next(wanted, following, f"{refusal.message}.{lost}", kind="notice")
    unsaved.forget()
    message = DECIDED[Decision(done.decision)].format(_name(review.customer_by_case(case_seq)))
    return _next(wanted, following, message, kind="success", done=done.seq)


def _decision() -> Decision:
    try:
        return Decision(request.form.get("decision", ""))
    except ValueError:
        raise Invalid("invalid_details", "Choose whether it stands", {"note": ["Uphold it or overturn it"]}) from None


def decision_of(form: ReviewForm) -> dict[str, Any]:
    """What a decision says beside itself, as the service takes it."""
    return {
        "note": form.submitted["note"] or "",
        "look_again_after": whole_number(form.submitted["look_again_after"]) or 0,
    }


def _name(customer: Customer | None) -> str:
    return f"{customer.first_name} {customer.last_name}" if customer else "The customer"


def _asked_again(form: ReviewForm, case_seq: int, refusal: Invalid) -> ResponseReturnValue:
    """The form with what was typed and what is wrong, in its place or on the whole page."""
    form.show(refusal)
    shown = turn_shown(wanted_in_queue(), case_seq, form)
    if wants_fragment():
        return render_template("review/_decide.html", shown=shown["present"], **shown), status_of(refusal)
    return _page(shown), status_of(refusal)


def _next(
    wanted: Any, following: int | None, message: str, *, kind: str, done: int | None = None
) -> ResponseReturnValue:
    """Say what was decided and show the case that follows."""
    if not wants_fragment():
        (flash_success if kind == "success" else flash_notice)(message)
        return go_to(queue_url(wanted, case_seq=following, done=done))
    undo = {"address": url_for("pages.undo_reviews"), "fields": {"reviews": str(done)}} if done else None
    return turn_partials(wanted, following) + toast(message, kind=kind, undo=undo, place=FROM_THE_QUEUE)


@pages.post("/review/undo")
@needs(Permission.REVIEW)
def undo_reviews() -> ResponseReturnValue:
    seqs = review_seqs(request.form.get("reviews", ""))
    if not seqs:
        raise NotFound("review_not_found", "There is no such review")
    customers = [review.undo_review(seq, by=actor()) for seq in seqs]
    first, place = customers[0], request.form.get("place")
    what = f"Your review of {_name(first)}" if len(seqs) == 1 else f"Your reviews of {len(seqs)} customers"
    message = f"{what} {'is' if len(seqs) == 1 else 'are'} taken back."
    if wants_fragment():
        return shown_again(first.id, place or "") + toast(message, kind="success")
    flash_success(message)
    return go_to(url_for("pages.show_customer", customer_id=first.id))
