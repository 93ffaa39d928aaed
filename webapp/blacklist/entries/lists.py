"""Lists of entries, such as a partner sends: a name, a source, a date, and a version after the
other. The next version is a difference; removing a list removes exactly its entries.

Whoever loads a list answers for its entries. They count at once; the list as a whole waits for a
manager who did not load it.
"""

from collections.abc import Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Select, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.blacklist.entries.models import BlacklistEntry, Level
from webapp.blacklist.opening import read_reason
from webapp.history.changes import Change, changing
from webapp.history.entries import Actor, Subject
from webapp.kernel import clock
from webapp.kernel.database import Model, Moment, db
from webapp.kernel.database import Sequence as Key
from webapp.kernel.fields import MAX_NOTE_LENGTH, read_lines, read_text
from webapp.kernel.refusals import NotFound
from webapp.kernel.submission import Submission

JOB = "entry_list"
MAX_NAME_LENGTH, MAX_SOURCE_LENGTH = 100, 300
CHECKING, CHECKED, LOADING, REMOVING = WORKS = ("checking", "checked", "loading", "removing")
LEVELS = (Level.DENY, Level.REVIEW)
# What each version says of itself.
OF_VERSION = ("source", "dated", "level", "reason", "note")


class NoSuchList(NotFound):
    code = "list_not_found"
    sentence = "There is no such list"


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


def waiting(now: Any) -> Select[Any]:
    """The lists that wait for a manager, as `EntryList.waits` says; the oldest first.

    Args:
        now: Now, or a parameter that stands for it.
    """
    one = EntryList
    is_due = or_(one.reviewed_at.is_(None), one.review_by <= now)
    is_loaded = one.opened_at.is_not(None) & one.removed_at.is_(None)
    return select(one).where(is_loaded, is_due).order_by(one.opened_at, one.seq)


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
