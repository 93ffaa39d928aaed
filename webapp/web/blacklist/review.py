"""The review queue, one case after the other: uphold, overturn, skip, take back."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist import listing, review, review_undo
from webapp.blacklist.case import customer_of
from webapp.blacklist.filters import CaseFilter
from webapp.blacklist.models import Decision
from webapp.blacklist.review import Decided
from webapp.customers.changes import CustomerDeleted
from webapp.http.doors import needs, status_of
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, NotFound
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import queue_arguments, queue_url, wanted_in_queue
from webapp.web.blacklist.review_page import turn_partials, turn_shown
from webapp.web.customers.show import FROM_A_LIST, FROM_THE_QUEUE, shown_again
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.forms import ReviewForm
from webapp.web.frame.htmx import flash_notice, flash_success, go_to, toast, wants_fragment
from webapp.web.frame.reading_budget import count_read

CASE = "<int(max=999999999):case_seq>"
DECIDED = {
    Decision.UPHELD: "The blacklisting of {} stands.",
    Decision.OVERTURNED: "{} is no longer blacklisted.",
}


@blacklist.get("/review")
@needs(Permission.REVIEW)
def review_queue() -> ResponseReturnValue:
    count_read(1)
    return _page(turn_shown(wanted_in_queue(), None))


@blacklist.get(f"/review/{CASE}")
@needs(Permission.REVIEW)
def review_case(case_seq: int) -> ResponseReturnValue:
    """The queue at a certain case, or at the first one if that does not wait any more."""
    count_read(1)
    typed = drafts.restored()
    form = ReviewForm.about(case_seq, typed) if typed else None
    return _page(turn_shown(wanted_in_queue(), case_seq, form))


def _page(shown: dict[str, Any]) -> str:
    openers = listing.openers(shown["wanted"])
    return render_template(
        "review/review_queue.html", openers=openers, done=undoable(FROM_THE_QUEUE), **shown
    )


def undoable(place: str) -> dict[str, Any] | None:
    """The reviews that were just made, as the address names them, if this person can still take
    them back.
    """
    seqs = review_seqs(request.args.get("done", ""))
    mine = review_undo.undoable(seqs, by=actor(), now=clock.now())
    if not mine:
        return None
    undo = _undo("-".join(map(str, mine)), wanted_in_queue(), review_undo.case_of(mine[0]))
    return undo | {"fields": undo["fields"] | {"place": place}}


def review_seqs(text: str) -> list[int]:
    """The numbers of reviews that a text such as `12-13` names; what is none is left out."""
    return [number for part in text.split("-")[: review.MAX_AT_ONCE] if (number := parse_int(part))]


@blacklist.post(f"/review/{CASE}")
@needs(Permission.REVIEW)
def decide_case(case_seq: int) -> ResponseReturnValue:
    form, wanted = ReviewForm.about(case_seq, request.form), wanted_in_queue()
    try:
        done = review.decide(case_seq, _decision(), by=actor(), **decision_of(form))
    except Invalid as refusal:
        return _asked_again(form, case_seq, refusal)
    except (Conflict, CustomerDeleted) as refusal:
        return _next(wanted, f"{refusal.message}.{_lost(form)}", kind="notice")
    drafts.forget()
    message = DECIDED[Decision(done.decision)].format(review.name_by_case(case_seq))
    undo = _undo(str(done.seq), wanted, case_seq)
    return _next(wanted, message, kind="success", undo=undo, done=done.seq)


def _lost(form: ReviewForm) -> str:
    return f" Your note was not kept: “{form.note.data}”" if form.note.data else ""


def _undo(seqs: str, wanted: CaseFilter, case_seq: int | None) -> dict[str, Any]:
    """The form that takes reviews back and shows the queue where it was."""
    fields = queue_arguments(wanted) | {
        "reviews": seqs,
        "place": FROM_THE_QUEUE,
        "following": str(case_seq or ""),
    }
    return {"address": url_for("blacklist.undo_reviews"), "fields": fields}


def _decision() -> Decision:
    try:
        return Decision(request.form.get("decision", ""))
    except ValueError:
        raise Invalid(
            "invalid_details", "Choose whether it stands", {"note": ["Uphold it or overturn it"]}
        ) from None


def decision_of(form: ReviewForm) -> dict[str, Any]:
    """What a decision says beside itself, as the service takes it."""
    return {
        "note": form.submitted["note"] or "",
        "look_again_after": parse_int(form.submitted["look_again_after"]) or 0,
    }


def _asked_again(form: ReviewForm, case_seq: int, refusal: Invalid) -> ResponseReturnValue:
    """The form with what was typed and what is wrong, in its place or on the whole page."""
    form.show(refusal)
    wanted = wanted_in_queue()
    shown = turn_shown(wanted, case_seq, form)
    if shown["present"] is None or shown["present"].case.seq != case_seq:
        return _next(wanted, f"This case waits no longer.{_lost(form)}", kind="notice")
    if wants_fragment():
        return render_template(
            "review/_decide.html", shown=shown["present"], after=shown["following"], **shown
        ), 422
    return _page(shown), status_of(refusal)


def _next(
    wanted: CaseFilter,
    message: str,
    *,
    kind: str,
    undo: dict[str, Any] | None = None,
    done: int | None = None,
) -> ResponseReturnValue:
    """Say what was decided and show the case that follows."""
    following = parse_int(request.form.get("following"))
    if not wants_fragment():
        (flash_success if kind == "success" else flash_notice)(message)
        return go_to(queue_url(wanted, case_seq=following, done=done))
    return turn_partials(wanted, following) + toast(message, kind=kind, undo=undo)


@blacklist.post("/review/undo")
@needs(Permission.REVIEW)
def undo_reviews() -> ResponseReturnValue:
    seqs = review_seqs(request.form.get("reviews", ""))
    if not seqs:
        raise NotFound("review_not_found", "There is no such review")
    outcomes = review_undo.undo_all(seqs, by=actor())
    undone = [outcome for outcome in outcomes if outcome.review]
    if not undone:
        raise outcomes[0].refused
    what = f"Your review of {review.name_by_case(undone[0].case_seq)} is"
    if len(undone) > 1:
        what = f"Your reviews of {len(undone)} customers are"
    left_alone = [told_of(outcome) for outcome in outcomes if outcome.refusal]
    return _answer_undo(undone[0], " ".join([f"{what} taken back.", *left_alone]))


def _answer_undo(first: Decided, message: str) -> ResponseReturnValue:
    """Back to where it was asked for: the case in the queue, the list, or the customer's page."""
    place = request.form.get("place", "")
    if wants_fragment() and place != FROM_A_LIST and first.customer:
        return shown_again(first.customer.id, place) + toast(message, kind="success")
    flash_success(message)
    if place == FROM_A_LIST:
        return go_to(queue_url(wanted_in_queue(), view="blacklist.list_waiting"))
    if place == FROM_THE_QUEUE:
        return go_to(queue_url(wanted_in_queue(), case_seq=first.case_seq))
    return go_to(url_for("customers.show_customer", customer_id=customer_of(first.case_seq)))


def told_of(outcome: Decided) -> str:
    """Why one case of several was left as it is."""
    name = outcome.customer.full_name if outcome.customer else "A customer"
    return f"{name}: {outcome.refused.message}."
