"""Faults of the history that two people have explained: each stays named, but fails no proof."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from webapp.history import of_book, verify
from webapp.history.entries import Actor, entries_of
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.history.of_book import BOOK
from webapp.history.proofs import proved
from webapp.kernel.database import writing
from webapp.kernel.refusals import Conflict, NotFound
from webapp.kernel.submission import read_note

EXPLAINED, AGREED = "fault_explained", "fault_agreed"
HIDING = re.compile(r"Event |The (log|root) |(Entry \d+ of )?(book|found) ", re.IGNORECASE)


@dataclass(frozen=True)
class Explanation:
    """Why a fault is there.

    Attributes:
        number: Of its entry in the chain of the book.
        fault: The sentence that names it.
        agreed_by: The name of the second person; `None` as long as one is missing.
    """

    number: int
    fault: str
    note: str
    by_id: int | None
    by_name: str
    at: datetime
    agreed_by: str | None = None
    agreed_at: datetime | None = None


class NoSuchFault(NotFound):
    code = "fault_not_found"
    sentence = "This fault was not found by the last check"


class HidesOthers(Conflict):
    code = "hides_others"
    sentence = "This fault hides others, so it cannot be explained; restore the book from a copy"


class AlreadyExplained(Conflict):
    code = "already_explained"
    sentence = "Two managers have explained this fault already"


class NotTheLastExplanation(Conflict):
    code = "other_explanation"
    sentence = "This explanation was changed or agreed to meanwhile; read it again"


def explanations() -> Mapping[str, Explanation]:
    """The last explanation of each fault, as the chain of the book tells it.

    None if that chain was altered: whoever did that without the key could explain away everything,
    that alteration too.
    """
    if any(verify.faults_about(BOOK.kind, {BOOK.kind: of_book.PRESENT})):
        return {}
    by_number = dict[int, Explanation]()
    for entry in reversed(entries_of(BOOK, limit=None)):
        new = _told(entry, fault=str, note=str)
        if entry.kind == EXPLAINED and new:
            by_number[entry.number] = Explanation(
                number=entry.number,
                by_id=entry.actor_id,
                by_name=entry.actor_name,
                at=entry.at,
                **new,
            )
        agreed = _told(entry, explanation=int)
        number = agreed["explanation"] if entry.kind == AGREED and agreed else None
        if number is not None and number in by_number:
            by_number[number] = replace(
                by_number[number], agreed_by=entry.actor_name, agreed_at=entry.at
            )
    return {one.fault: one for one in by_number.values()}


def unexplained() -> Sequence[str] | None:
    """What the last checks named, without what two managers have explained; `None` if there was no
    check.
    """
    named = proved.find_faults()
    if not named:
        return None if named is None else ()
    known = explanations()
    sentences = [one.sentence for one in named]
    return [one for one in sentences if one not in known or not known[one].agreed_by]


def _told(entry: Any, **types: type) -> dict[str, Any] | None:
    values = {name: entry.new(name) for name in types}
    return values if all(isinstance(values[name], types[name]) for name in types) else None


def may_be_explained(fault: str) -> bool:
    """A fault of the log, of a root, of the book's chain, or of what was found hides others: no
    check is of use as long as it is there.
    """
    return HIDING.match(fault) is None


def explain(fault: str, *, note: str, by: Actor) -> None:
    """Say why a fault is there; it counts once a second person agrees.

    Args:
        note: Up to 2,000 characters; required.

    Raises:
        NotFound: `fault_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `already_explained` or `hides_others`.
    """
    text = read_note(note, missing="Say why this fault is there")
    with writing():
        of_book.hold()
        if fault not in {one.sentence for one in proved.find_faults() or ()}:
            raise NoSuchFault
        if not may_be_explained(fault):
            raise HidesOthers
        known = explanations().get(fault)
        if known and known.agreed_by:
            raise AlreadyExplained
        of_book.note(EXPLAINED, {"fault": fault, "note": text}, by=by)


def agree(number: int, *, by: Actor) -> Explanation:
    """Agree to an explanation as the second person.

    Args:
        number: Of the entry that the caller read; one that was replaced meanwhile is left alone.

    Raises:
        Conflict: `other_explanation` or `own_decision`.
    """
    with writing():
        of_book.hold()
        shown = [one for one in explanations().values() if one.number == number]
        if not shown or shown[0].agreed_by:
            raise NotTheLastExplanation
        if shown[0].by_id in eyes_of(by.id):
            raise OwnExplanation
        of_book.note(AGREED, {"explanation": number}, by=by)
    return shown[0]


class OwnExplanation(OwnDecision):
    sentence = "You explained this fault, or count as the one who did; somebody else must agree"
