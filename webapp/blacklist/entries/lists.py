"""Lists of entries, such as a partner sends: a name, a source, a date, and a version after the
other. The next version is a difference; removing a list takes back exactly its entries.

Whoever loads a list answers for its entries. They count at once; the list as a whole waits for a
manager who did not load it. Nobody takes back what they answer for, except within ten minutes.
"""

from collections.abc import Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.blacklist.case import UNDO_FOR
from webapp.blacklist.entries.models import BlacklistEntry, Level
from webapp.blacklist.four_eyes import NobodyAnswers, refusal_to_decide
from webapp.blacklist.models import REVIEW_AFTER
from webapp.blacklist.opening import read_reason
from webapp.history.changes import Change, adding, changing
from webapp.history.entries import Actor, Subject
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel import clock, jobs
from webapp.kernel.database import Model, Moment, db
from webapp.kernel.database import Sequence as Key
from webapp.kernel.fields import MAX_NOTE_LENGTH, read_lines, read_text
from webapp.kernel.refusals import Conflict, NotFound, refuse
from webapp.kernel.submission import Submission, read_note

JOB = "entry_list"
MAX_NAME_LENGTH, MAX_SOURCE_LENGTH = 100, 300
CHECKING, CHECKED, LOADING, REMOVING = WORKS = ("checking", "checked", "loading", "removing")
LEVELS = (Level.DENY, Level.REVIEW)


class NoSuchList(NotFound):
    code = "list_not_found"
    sentence = "There is no such list"


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
    sentence = "You answer for entries that this would take back; another manager must do it"


class EntryList(Model):
    """A list of entries.

    Attributes:
        dated: Of the list itself, as an ISO 8601 date.
        opened_at: When the present version was loaded, like the rest of `opened_…`; `None` before.
        work: What is being done with its next version, or with its removal.
        proposed: That next version: the file, its details, what was found, and who applies it.
        problem: Why the work goes no further.
    """

    __tablename__ = "entry_list"

    seq: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    source: Mapped[str] = mapped_column(Text)
    dated: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_by_kind: Mapped[str | None] = mapped_column(String(8))
    opened_by_id: Mapped[int | None]
    opened_by_name: Mapped[str | None] = mapped_column(Text)
    accountable_id: Mapped[int | None]
    review_by: Mapped[datetime | None] = mapped_column(Moment)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewed_by_id: Mapped[int | None]
    reviewed_by_name: Mapped[str | None] = mapped_column(Text)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    work: Mapped[str | None] = mapped_column(String(8))
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    problem: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(
            "reviewed_by_id is null or accountable_id is null or reviewed_by_id <> accountable_id",
            name="four_eyes_of_review",
        ),
        CheckConstraint(f"work is null or work in {WORKS}", name="work_known"),
        {"sqlite_autoincrement": True},
    )

    @property
    def subject(self) -> Subject:
        return Subject("list", self.seq)

    @property
    def is_loaded(self) -> bool:
        return self.opened_at is not None and self.removed_at is None

    def is_answered_for_by(self, eyes: Set[int]) -> bool:
        """Whether one of these members loaded the present version."""
        return self.accountable_id in eyes

    def waits(self, now: datetime) -> bool:
        """Whether it waits for a manager."""
        is_due = self.review_by is not None and self.review_by <= now
        return self.is_loaded and (self.reviewed_at is None or is_due)


def read_about(raw: Mapping[str, Any]) -> dict[str, str]:
    """Read what is said of a list: `name`, `source`, `dated`, `level`, `reason`, `note`.

    Raises:
        Invalid: `invalid_details`, with all problems.
    """
    submission = Submission()
    submission.read("name", _read_words, raw.get("name"), MAX_NAME_LENGTH, "Name the list")
    missing = "Say who made the list"
    submission.read("source", _read_words, raw.get("source"), MAX_SOURCE_LENGTH, missing)
    submission.read("dated", _read_day, raw.get("dated"))
    submission.read("level", _read_level, raw.get("level"))
    submission.read("reason", read_reason, raw.get("reason"))
    submission.read("note", partial(read_lines, most=MAX_NOTE_LENGTH), raw.get("note") or "")
    if submission.values.get("reason") == "other" and not submission.values.get("note"):
        submission.note("note", "Say in a note what the reason is")
    submission.refuse_if_wrong()
    return {name: str(value) for name, value in submission.values.items()}


def _read_words(raw: Any, most: int, missing: str) -> str:
    text = " ".join(read_text(raw).split())
    if not text:
        raise ValueError(missing)
    if len(text) > most:
        raise ValueError(f"At most {most} characters")
    return text


def _read_day(raw: Any) -> str:
    try:
        day = clock.read_day(clock.as_iso_day(read_text(raw)))
    except (ValueError, OverflowError):
        raise ValueError("Write a day, such as 31.12.2026") from None
    return day.isoformat()


def _read_level(raw: Any) -> Level:
    if raw not in tuple(LEVELS):
        raise ValueError("Choose what happens to those who match")
    return Level(raw)


def get_list(seq: int) -> EntryList:
    """The list with this number.

    Raises:
        NotFound: `list_not_found`.
    """
    one = db.session.get(EntryList, seq)
    if one is None:
        raise NoSuchList
    return one


def changing_list(seq: int, *, by: Actor) -> AbstractContextManager[Change[EntryList]]:
    """Change a list, using `changing`.

    Raises:
        NotFound: `list_not_found`.
    """
    return changing(lambda: locked_list(seq), by=by)


def locked_list(seq: int) -> EntryList:
    """The list as it stands now, locked for the present write transaction.

    Raises:
        NotFound: `list_not_found`.
    """
    query = select(EntryList).where(EntryList.seq == seq).with_for_update()
    one = db.session.scalar(query.execution_options(populate_existing=True))
    if one is None:
        raise NoSuchList
    return one


def propose(about: Mapping[str, str], file: str, *, by: Actor) -> EntryList:
    """Propose a file as the next version of the list of this name, or as its first; the worker
    checks it.

    Args:
        about: From `read_about`.
        file: Its name in the folder of files.

    Raises:
        Conflict: `list_at_work`.
    """
    same = func.lower(EntryList.name) == about["name"].lower()
    present = db.session.scalar(select(EntryList).where(same, EntryList.removed_at.is_(None)))
    proposed = {**about, "file": file}
    told = dict(about)
    if present is None:
        with adding(lambda: _new(about), by=by) as made:
            made.row.updated_at = made.at
            made.record("list_proposed", new=told)
            _begin(made.row, CHECKING, proposed)
        return made.row
    with changing_list(present.seq, by=by) as change:
        _refuse_at_work(change.row)
        change.record("list_proposed", new=told)
        _begin(change.row, CHECKING, proposed)
    return change.row


def _new(about: Mapping[str, str]) -> EntryList:
    return EntryList(**about, version=1)


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
    """Discard the version that was checked, or that cannot be.

    Raises:
        NotFound: `list_not_found`.
        Conflict: `nothing_to_load`.
    """
    with changing_list(seq, by=by) as change:
        one = change.row
        if one.work not in (CHECKING, CHECKED) and not one.problem:
            raise NothingToLoad
        one.work = one.proposed = one.problem = None
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
        refuse(refusal_to_decide(one, by=by))
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


def take(change: Change[EntryList], proposed: Mapping[str, Any]) -> None:
    """Take the version that is loaded for the present one, as part of the change that ends the
    work.
    """
    one, by = change.row, change.by
    for name in ("source", "dated", "level", "reason", "note"):
        setattr(one, name, proposed[name])
    one.opened_at, one.review_by = change.at, change.at + REVIEW_AFTER
    one.opened_by_kind, one.opened_by_id, one.opened_by_name = by.kind, by.id, by.name
    one.accountable_id = by.accountable_id
    one.reviewed_at = one.reviewed_by_id = one.reviewed_by_name = None


def lists(*, limit: int, before: int | None = None) -> Sequence[EntryList]:
    """All lists, the newest first; those that were removed at the end of their own."""
    query = select(EntryList).order_by(EntryList.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(EntryList.seq < before)
    return db.session.scalars(query).all()


def number_of(seq: int) -> int:
    """How many entries of a list stand."""
    theirs = (BlacklistEntry.list_seq == seq) & BlacklistEntry.closed_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(BlacklistEntry).where(theirs)) or 0
