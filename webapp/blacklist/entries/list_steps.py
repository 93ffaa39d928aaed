"""The steps of a list of entries: a version is proposed, checked, loaded or discarded, then kept or
removed. Nobody removes entries for which they answer, except within ten minutes.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp.blacklist.case import UNDO_FOR
from webapp.blacklist.entries.lists import (
    CHECKED,
    CHECKING,
    JOB,
    LOADING,
    OF_VERSION,
    REMOVING,
    EntryList,
    changing_list,
    number_of,
)
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.blacklist.four_eyes import NobodyAnswers, refusal_to_decide
from webapp.blacklist.models import REVIEW_AFTER
from webapp.history.changes import Change, adding
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel import clock, jobs
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import advisory_lock
from webapp.kernel.refusals import Conflict, refuse
from webapp.kernel.submission import read_note

# Namespace of this module in `pg_advisory_xact_lock(int, int)`.
LOCK_NAMESPACE = 12


class ListAtWork(Conflict):
    code = "list_at_work"
    sentence = "Another version of this list is at work; load or discard it first"


class NothingToLoad(Conflict):
    code = "nothing_to_load"
    sentence = "There is nothing to load; send a file first"


class NothingToKeep(Conflict):
    code = "nothing_to_keep"
    sentence = "This list does not wait for a decision"


class LoadedByYou(OwnDecision):
    sentence = "You answer for entries of this list; another manager must do it"


def propose(about: Mapping[str, str], file: str, *, by: Actor) -> EntryList:
    """Propose a file as the next version of the list of this name, or as its first; the worker
    checks it.

    Args:
        about: From `read_about`.
        file: Its name in the folder of files.

    Raises:
        Conflict: `list_at_work`.
    """
    proposed = {**about, "file": file}
    with writing():
        present = _named(about["name"])
        if present is None:
            with adding(lambda: EntryList(**about, version=1), by=by) as made:
                made.row.updated_at = made.at
                made.record("list_proposed", new=dict(about))
                _begin(made.row, CHECKING, proposed)
            return made.row
        with changing_list(present.seq, by=by) as change:
            _refuse_at_work(change.row)
            change.record("list_proposed", new=dict(about))
            _begin(change.row, CHECKING, proposed)
        return change.row


def _named(name: str) -> EntryList | None:
    """The list of this name, in capitals or not, in the present write transaction: of two who
    propose one at once, the second waits for the first.
    """
    key = name.casefold()
    advisory_lock(LOCK_NAMESPACE, [zlib.crc32(key.encode()) - 2**31])
    present = db.session.scalars(select(EntryList).where(EntryList.removed_at.is_(None)))
    return next((one for one in present if one.name.casefold() == key), None)


def _begin(one: EntryList, work: str, proposed: dict[str, Any]) -> None:
    one.work, one.proposed, one.problem = work, proposed, None
    db.session.add(one)
    db.session.flush()
    jobs.enqueue(JOB, {"list": one.seq})


def _refuse_at_work(one: EntryList) -> None:
    if one.work is not None or one.removed_at:
        raise ListAtWork


def load(seq: int, *, by: Actor) -> EntryList:
    """Load the version that was checked; whoever does so answers for what it adds.

    Raises:
        NotFound: `list_not_found`.
        Conflict: `nothing_to_load`; or `own_decision`, it takes back entries that they answer for.
    """
    with changing_list(seq, by=by) as change:
        one = change.row
        if one.work != CHECKED or one.proposed is None:
            raise NothingToLoad
        refuse(refusal_to_take_back(one.proposed["answering"], by=by))
        _begin(one, LOADING, {**one.proposed, "by": who_of(by)})
    return one


def refusal_to_take_back(members: Sequence[int | None], *, by: Actor) -> Conflict | None:
    """Why somebody may not take back entries for which these members answer."""
    if members and by.accountable_id is None:
        return NobodyAnswers()
    if members and not eyes_of(by.accountable_id).isdisjoint(members):
        return LoadedByYou()
    return None


def discard(seq: int, *, by: Actor) -> EntryList:
    """Discard the version that was checked, or that cannot be. Of one that broke off, the list is
    what it came to: it waits for a manager, who keeps or removes it.

    Raises:
        NotFound: `list_not_found`.
        Conflict: `nothing_to_load`.
    """
    with changing_list(seq, by=by) as change:
        one = change.row
        if one.work not in (CHECKING, CHECKED) and not one.problem:
            raise NothingToLoad
        proposed, broke_off = one.proposed, one.work == LOADING and number_of(seq) > 0
        one.work = one.proposed = one.problem = None
        if broke_off and proposed:
            take(change, proposed, {}, loader=Actor(**proposed["by"]))
            return one
        if one.opened_at is None:
            one.removed_at = change.at
        change.record("list_discarded", new={"is_removed": one.removed_at is not None})
    return one


def keep(seq: int, *, note: Any = "", by: Actor) -> EntryList:
    """Keep a list that waits for a manager.

    Raises:
        NotFound: `list_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `nothing_to_keep` or `own_decision`.
    """
    text = read_note(note)
    with changing_list(seq, by=by) as change:
        one = change.row
        if not one.waits(clock.now()):
            raise NothingToKeep
        refuse(refusal_to_decide(one, by=by) or refusal_to_take_back(answering(seq), by=by))
        one.reviewed_at, one.review_by = change.at, change.at + REVIEW_AFTER
        one.reviewed_by_id, one.reviewed_by_name = by.id, by.name
        change.record("list_kept", new={"note": text} if text else {})
    return one


def remove(seq: int, *, note: Any, by: Actor) -> EntryList:
    """Take back all entries of a list: as whoever loaded it, within ten minutes and before anybody
    kept it; later as a manager who answers for none of them.

    Raises:
        NotFound: `list_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `list_at_work` or `own_decision`.
    """
    text = read_note(note, missing="Say why the list is not needed")
    with changing_list(seq, by=by) as change:
        one = change.row
        _refuse_at_work(one)
        is_undo = _is_own_and_new(one, by)
        if not is_undo:
            refuse(refusal_to_take_back(answering(seq), by=by))
        _begin(one, REMOVING, {"note": text, "is_undo": is_undo, "by": who_of(by)})
    return one


def _is_own_and_new(one: EntryList, by: Actor) -> bool:
    """Whether somebody may undo the first version of a list, that they have just loaded."""
    since = clock.now() - UNDO_FOR
    is_own = by.id is not None and (one.opened_by_kind, one.opened_by_id) == (by.kind, by.id)
    earlier = (BlacklistEntry.list_seq == one.seq) & (BlacklistEntry.opened_at < since)
    has_earlier = db.session.scalar(select(BlacklistEntry.seq).where(earlier).limit(1)) is not None
    is_others = set(answering(one.seq)) - {by.accountable_id}
    return is_own and one.reviewed_at is None and not has_earlier and not is_others


def answering(seq: int) -> list[int | None]:
    """The members who answer for the entries of a list that stand."""
    theirs = (BlacklistEntry.list_seq == seq) & BlacklistEntry.closed_at.is_(None)
    query = select(BlacklistEntry.accountable_id).where(theirs).distinct()
    return [one for one in db.session.scalars(query) if one is not None]


def who_of(by: Actor) -> dict[str, Any]:
    """A member as work that lasts remembers them."""
    return {"kind": by.kind, "id": by.id, "name": by.name, "door": by.door}


def take(
    change: Change[EntryList],
    proposed: Mapping[str, Any],
    counts: Mapping[str, int],
    *,
    loader: Actor,
) -> None:
    """Take the version that is loaded for the present one, as part of the change that ends the
    work.

    Args:
        loader: Who answers for it, whoever ends the work.
    """
    one, by = change.row, loader
    for name in OF_VERSION:
        setattr(one, name, proposed[name])
    one.opened_at, one.review_by = change.at, change.at + REVIEW_AFTER
    one.opened_by_kind, one.opened_by_id, one.opened_by_name = by.kind, by.id, by.name
    one.accountable_id = by.accountable_id
    one.reviewed_at = one.reviewed_by_id = one.reviewed_by_name = None
    version = {name: proposed[name] for name in OF_VERSION}
    more: dict[str, Any] = {"accountable_id": by.accountable_id, "counts": dict(counts)}
    if loader.id != change.by.id:
        more["opened_by"] = [by.kind, by.id, by.name]
    change.record("list_loaded", new=version | more)
