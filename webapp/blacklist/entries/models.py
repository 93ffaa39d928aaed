"""The tables of entries: each entry, the keys by which people match it, and customers who do."""

from collections.abc import Set
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    func,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.blacklist.entries.values import MAX_KEY_LENGTH, ValueKind
from webapp.blacklist.models import REASONS
from webapp.history.entries import Subject
from webapp.kernel.database import Model, Moment, Sequence, byte_ordered
from webapp.kernel.fields import MAX_NOTE_LENGTH

OPEN, LISTED = text("closed_at is null"), text("list_seq is not null")
# In the words of its partial index: most entries of lists never wait by themselves.
MAY_WAIT = text(
    "closed_at is null "
    "and (list_seq is null or removal_asked_at is not null or stirred_at is not null)"
)
FOUR_EYES = (
    "closed_by_kind is null or accountable_id is null or closed_by_kind <> 'staff' "
    "or (outcome = 'undone') = (closed_by_id = accountable_id) or level = 'allow'"
)


class Level(StrEnum):
    """What an entry does to whom it matches, the strongest first."""

    DENY = "deny"
    REVIEW = "review"
    WATCH = "watch"
    ALLOW = "allow"


class Outcome(StrEnum):
    """How an entry ended by somebody's decision."""

    UNDONE = "undone"
    OVERTURNED = "overturned"
    REMOVED = "removed"


class EntryState(StrEnum):
    """How an entry stands; derived from its times, never stored."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    KEPT = "kept"
    ENDED = "ended"
    UNDONE = "undone"
    OVERTURNED = "overturned"
    REMOVED = "removed"


class BlacklistEntry(Model):
    """A case about somebody unknown: a value that is denied, held back or allowed.

    Denied and held back at once, by whoever opened it; allowed only once a second person agreed,
    because that weakens the guard.

    Attributes:
        value: In normal form.
        reason: `None` of an entry that allows.
        until: When it stops counting, by comparison; `None` if it has no end.
        reviewed_at: When a manager last kept it.
        removal_asked_at: When somebody last asked for its removal; a later review answers that.
        list_seq: The list that brought it, which is reviewed as a whole.
        stirred_at: Of one that watches: when a customer who matches was last added, changed or
            deleted, or changed so that they do not match any more.
        version: Counts its history entries.
    """

    __tablename__ = "blacklist_entry"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by_kind: Mapped[str] = mapped_column(String(8))
    opened_by_id: Mapped[int | None]
    opened_by_name: Mapped[str] = mapped_column(Text)
    accountable_id: Mapped[int | None]
    until: Mapped[datetime | None] = mapped_column(Moment)
    review_by: Mapped[datetime] = mapped_column(Moment)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewed_by_id: Mapped[int | None]
    reviewed_by_name: Mapped[str | None] = mapped_column(Text)
    review_note: Mapped[str | None] = mapped_column(Text)
    removal_asked_at: Mapped[datetime | None] = mapped_column(Moment)
    removal_asked_by_id: Mapped[int | None]
    removal_asked_by_name: Mapped[str | None] = mapped_column(Text)
    removal_reason: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by_kind: Mapped[str | None] = mapped_column(String(8))
    closed_by_id: Mapped[int | None]
    closed_by_name: Mapped[str | None] = mapped_column(Text)
    closed_note: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(12))
    list_seq: Mapped[int | None] = mapped_column(Sequence)
    stirred_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(f"kind in {tuple(map(str, ValueKind))}", name="kind_known"),
        CheckConstraint(f"level in {tuple(map(str, Level))}", name="level_known"),
        CheckConstraint(f"reason is null or reason in {REASONS}", name="reason_known"),
        CheckConstraint("(reason is null) = (level = 'allow')", name="reason_unless_allowed"),
        CheckConstraint(
            f"outcome is null or outcome in {tuple(map(str, Outcome))}", name="outcome_known"
        ),
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed_has_outcome"),
        CheckConstraint(f"length(note) <= {MAX_NOTE_LENGTH}", name="note_length"),
        CheckConstraint("until is null or until > opened_at", name="until_later"),
        CheckConstraint(FOUR_EYES, name="four_eyes"),
        CheckConstraint(
            "reviewed_by_id is null or accountable_id is null or reviewed_by_id <> accountable_id",
            name="four_eyes_of_review",
        ),
        Index(
            "ix_blacklist_entry_open",
            "opened_at",
            "seq",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_blacklist_entry_opened_at", "opened_at", "seq"),
        Index(
            "ix_blacklist_entry_may_wait",
            "seq",
            sqlite_where=MAY_WAIT,
            postgresql_where=MAY_WAIT,
        ),
        Index(
            "ix_blacklist_entry_list_seq",
            "list_seq",
            "closed_at",
            sqlite_where=LISTED,
            postgresql_where=LISTED,
        ),
        {"sqlite_autoincrement": True},
    )

    @property
    def subject(self) -> Subject:
        return Subject("entry", self.seq)

    def is_answered_for_by(self, eyes: Set[int]) -> bool:
        """Whether one of these members opened it, or owns the key that did."""
        return self.accountable_id in eyes

    @property
    def removal_is_asked(self) -> bool:
        """Whether it is open and somebody's request to remove it has no answer yet."""
        asked, reviewed = self.removal_asked_at, self.reviewed_at
        return self.closed_at is None and asked is not None and not (reviewed and reviewed > asked)

    @property
    def is_stirred(self) -> bool:
        """Whether something happened to a customer who is watched since a manager looked."""
        looked = self.reviewed_at or self.opened_at
        return self.stirred_at is not None and self.stirred_at > looked

    def has_ended(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now

    def state(self, now: datetime) -> EntryState:
        if self.outcome:
            return EntryState(self.outcome)
        if self.has_ended(now):
            return EntryState.ENDED
        if self.removal_is_asked or self.is_stirred:
            return EntryState.WAITING
        if self.list_seq is not None:
            return EntryState.KEPT
        if self.review_by <= now:
            return EntryState.OVERDUE
        return EntryState.WAITING if self.reviewed_at is None else EntryState.KEPT

    def waits(self, now: datetime) -> bool:
        """Whether it waits for a manager."""
        return self.state(now) in (EntryState.WAITING, EntryState.OVERDUE)

    def counts(self, now: datetime) -> bool:
        """Whether it does something to those whom it matches; in SQL this is `counting`."""
        is_agreed = self.level != Level.ALLOW or self.reviewed_at is not None
        return self.closed_at is None and not self.has_ended(now) and is_agreed

    @classmethod
    def counting(cls, now: datetime) -> ColumnElement[bool]:
        """`counts` as a query condition."""
        has_begun = or_(cls.level != Level.ALLOW, cls.reviewed_at.is_not(None))
        return cls.live(now) & has_begun

    @classmethod
    def live(cls, now: Any) -> ColumnElement[bool]:
        """Neither closed nor at its end."""
        return cls.closed_at.is_(None) & or_(cls.until.is_(None), cls.until > now)

    @classmethod
    def waiting(cls, now: Any) -> ColumnElement[bool]:
        """`waits` as a query condition."""
        is_asked = cls.removal_asked_at >= func.coalesce(cls.reviewed_at, 0)
        is_due = or_(cls.reviewed_at.is_(None), cls.review_by <= now)
        is_stirred = cls.stirred_at > func.coalesce(cls.reviewed_at, cls.opened_at)
        waits = or_(is_asked, is_stirred, cls.list_seq.is_(None) & is_due)
        return and_(MAY_WAIT, cls.live(now), waits)


class EntryKey(Model):
    """A key of an entry; see `values`."""

    __tablename__ = "entry_key"

    key: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    entry_seq: Mapped[int] = mapped_column(ForeignKey("blacklist_entry.seq"), primary_key=True)

    __table_args__ = (
        Index("ix_entry_key_entry_seq", "entry_seq"),
        {"sqlite_with_rowid": False},
    )


class EntryMatch(Model):
    """A customer who matches an open entry that does not allow. Deleted with the customer."""

    __tablename__ = "entry_match"

    customer_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    entry_seq: Mapped[int] = mapped_column(
        ForeignKey("blacklist_entry.seq"), primary_key=True, autoincrement=False
    )

    __table_args__ = (
        Index("ix_entry_match_entry_seq", "entry_seq", "customer_seq"),
        {"sqlite_with_rowid": False},
    )
