"""Similar customers that managers look at: active ones who are much like a blacklisted one, and
marks of different people that need a second person.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist.reviewing import marks
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int, printable
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails, NotFound
from webapp.kernel.submission import read_note
from webapp.lookalikes import distinct, matches
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.pages import ListLookalikes
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_notice, flash_success, go_to, refused
from webapp.web.frame.reading_budget import count_read
from webapp.web.words.formats import counted

SHOWN = 50
MAX_COUNTED = 1_000
DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "apart": (distinct.mark_distinct, "marked as different people; another manager must agree"),
    "agree": (marks.agree, "different people from now on"),
    "again": (distinct.compare_again, "compared again"),
}


@blacklist.get("/review/lookalikes")
@needs(Permission.REVIEW)
def list_lookalikes() -> ResponseReturnValue:
    return _page(None)


def _page(refusal: Invalid | None) -> ListLookalikes:
    """One list of marks and then matches, fifty to a page."""
    marked, alike = marks.count_marks(cap=MAX_COUNTED), matches.count_matches(cap=MAX_COUNTED)
    total = marked + alike
    number = parse_int(request.args.get("page"), least=1, most=max(1, -(-total // SHOWN))) or 1
    more = url_for("blacklist.list_lookalikes", page=number + 1) if total > number * SHOWN else None
    skipped = (number - 1) * SHOWN
    waiting = marks.waiting_marks(by=actor(), limit=SHOWN, offset=skipped)
    to_compare = matches.matches(limit=SHOWN - len(waiting), offset=max(0, skipped - marked))
    count_read(2 * (len(waiting) + len(to_compare)))
    return ListLookalikes(
        waiting=waiting,
        matches=to_compare,
        more=more,
        refusal=refusal,
        decision=request.form.get("decision", ""),
        chosen=request.form.getlist("pairs"),
        note=printable(request.form.get("note", ""), instead="\ufffd", lines=True),
    )


@blacklist.post("/review/lookalikes")
@needs(Permission.REVIEW)
def decide_pairs() -> ResponseReturnValue:
    """Mark the pairs that are ticked as different people, agree to their marks, or compare them
    again; each by itself, so that one that cannot be decided holds up no other.
    """
    decision, refusals, number = request.form.get("decision", ""), list[str](), 0
    try:
        chosen = _chosen(decision)
        note = read_note(request.form["note"], missing=distinct.WHY if decision == "apart" else "")
        for customer_id, other_id in chosen:
            try:
                DEEDS[decision][0](customer_id, other_id, note=note, by=actor())
                number += 1
            except (Conflict, NotFound) as refusal:
                refusals.append(refusal.message)
    except Invalid as refusal:
        return refused(_page(refusal), refusal)
    if number:
        flash_success(f"{counted(number, 'pair is', 'pairs are')} {DEEDS[decision][1]}.")
    for sentence in dict.fromkeys(refusals):
        flash_notice(f"{counted(refusals.count(sentence), 'pair', 'pairs')}: {sentence}.")
    return go_to(url_for("blacklist.list_lookalikes"))


def _chosen(decision: str) -> Sequence[tuple[UUID, UUID]]:
    """The pairs that are ticked, each as the ids of both.

    Raises:
        Invalid: `invalid_details`, with the problem on `pairs`.
    """
    if decision not in DEEDS or "note" not in request.form:
        raise InvalidDetails.on("pairs", "Choose one of the buttons")
    chosen = request.form.getlist("pairs")
    if not 1 <= len(chosen) <= SHOWN:
        raise InvalidDetails.on("pairs", "Select who you mean first")
    try:
        return [_ids(pair) for pair in chosen]
    except ValueError:
        raise InvalidDetails.on("pairs", "Select who you mean first") from None


def _ids(pair: str) -> tuple[UUID, UUID]:
    one, other = pair.split()
    return UUID(one), UUID(other)
