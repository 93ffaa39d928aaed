"""Merge two records of one person: one survives, the other leads to it from then on."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from webapp.blacklist.by_history import WHOLE, whole
from webapp.blacklist.case import cases_of, find_open
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.moves import CaseMove
from webapp.customers import merged
from webapp.customers.clashes import differing, values_of
from webapp.customers.fields import Details
from webapp.customers.merged import MERGED, MERGED_INTO, MergedCustomer, also_known_text
from webapp.customers.models import Customer
from webapp.history.changes import Change, changing
from webapp.history.entries import Actor
from webapp.kernel.database import db, writing
from webapp.kernel.submission import read_note
from webapp.merging import requests
from webapp.merging.pair import (
    Merging,
    about,
    close_as_joined,
    drop_requests,
    locked_pair,
    refuse_deletions,
    refuse_other_versions,
)
from webapp.merging.result import Choices, read_choices, result_of

WHY = "Say how you know that they are one person"


def merge(
    survivor_id: UUID,
    other_id: UUID,
    *,
    choices: Mapping[str, Any],
    note: Any,
    seen: Sequence[int] | None = None,
    by: Actor,
) -> Merging:
    """Merge a record into another. Where one of the two is blacklisted, this waits for a second
    person.

    Args:
        choices: By group of details, whose stay: see `read_choices`.
        note: Why, up to 2,000 characters; required.
        seen: Refuse unless these are the versions of the survivor and the other.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with problems on `note` and the groups of details.
        Conflict: `not_alike`, `customer_merged`, `deletion_asked`, `other_version` or
            `merge_asked`.
    """
    text = read_note(note, missing=WHY)
    with writing():
        survivor, other = locked_pair(survivor_id, other_id)
        refuse_deletions(survivor, other)
        refuse_other_versions(seen, survivor, other)
        chosen = read_choices(choices, survivor, other)
        if survivor.blacklisted or other.blacklisted:
            request = requests.ask(survivor, other, chosen, text, by=by)
            return Merging(survivor, other, request)
        return carry_out(survivor, other, chosen, text, by=by)


def carry_out(
    survivor: Customer, other: Customer, choices: Choices, text: str, *, by: Actor
) -> Merging:
    """Merge two locked customers, in the present transaction."""
    details = result_of(survivor, other, choices)
    with changing(lambda: survivor, by=by) as staying:
        with changing(lambda: other, by=by) as leaving:
            staying.at = leaving.at = max(staying.at, leaving.at)
            moved = _move_cases(leaving, survivor)
            record = _leave(leaving, survivor, details, text, moved)
        drop_requests(other.seq)
        survivor.also_known = also_known_text(survivor.seq)
        _stay(staying, record, details, text, moved)
    return Merging(survivor, record)


def _move_cases(leaving: Change[Customer], survivor: Customer) -> list[Blacklisting]:
    """Let the cases of the other record be the survivor's. Of two open ones, that stands which
    waits for a manager sooner, and whoever opened either answers for it.
    """
    theirs, its_own = find_open(survivor), find_open(leaving.row)
    cases = cases_of(leaving.row.seq)[::-1]
    moves = {case.seq: _move(case, survivor, leaving) for case in cases}
    if theirs and its_own:
        stands, joined = sorted((theirs, its_own), key=lambda case: case.waits_from or leaving.at)
        move = moves.get(joined.seq) or _move(joined, survivor, leaving)
        close_as_joined(joined, stands, leaving)
        move.joined_to, move.joined_by_name = stands.seq, leaving.by.name
        db.session.flush()
    for case in cases:
        case.customer_seq = survivor.seq
    return list(cases)


def _move(case: Blacklisting, survivor: Customer, leaving: Change[Customer]) -> CaseMove:
    move = CaseMove(
        case_seq=case.seq, from_seq=case.customer_seq, to_seq=survivor.seq, at=leaving.at
    )
    db.session.add(move)
    return move


def _leave(
    leaving: Change[Customer],
    survivor: Customer,
    details: Details,
    text: str,
    moved: Sequence[Blacklisting],
) -> MergedCustomer:
    other = leaving.row
    new = about(survivor) | {"note": text, "entry": survivor.version + 1}
    new |= {"moved": [case.seq for case in moved], WHOLE: []} if moved else {}
    leaving.record(MERGED_INTO, new=new)
    record = MergedCustomer(
        **{name: getattr(other, name) for name in merged.COLUMNS},
        survivor_seq=survivor.seq,
        entry=survivor.version + 1,
    )
    if details.email != survivor.email:
        record.replaced_email = survivor.email
        record.replaced_email_key = survivor.email_key
    db.session.add(record)
    db.session.delete(other)
    return record


def _stay(
    staying: Change[Customer],
    record: MergedCustomer,
    details: Details,
    text: str,
    moved: Sequence[Blacklisting],
) -> None:
    survivor = staying.row
    old, new = differing(values_of(survivor.details), values_of(details))
    survivor.take(details)
    new |= about(record) | {"note": text}
    its_open = next((case for case in moved if case.closed_at is None), None)
    if its_open:
        if not survivor.blacklisted:
            old["blacklisted"], new["blacklisted"] = False, True
        survivor.enter_blacklist(its_open.waits_from)
    if moved:
        new |= {"moved": [case.seq for case in moved], WHOLE: whole(cases_of(survivor.seq))}
    staying.record(MERGED, old=old, new=new)
