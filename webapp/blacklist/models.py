"""The tables of the blacklist: each case that was ever opened, and each review of one."""

from collections.abc import Set
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.database import Model, Moment, Sequence, byte_ordered
from webapp.kernel.fields import MAX_NOTE_LENGTH

REASON_NAMES = {
    "fraud": "Fraud",
    "chargeback": "Charge-back",
    "identity": "False identity",
    "abuse": "Abuse of staff",
    "terms": "Broke our rules",
    "request": "At the customer's request",
    "other": "Other",
    "unspecified": "Reason missing",
}
REASONS = tuple(REASON_NAMES)
REASONS_OFFERED = {reason: name for reason, name in REASON_NAMES.items() if reason != "unspecified"}
REVIEW_AFTER = timedelta(days=90)
# Only its opener may undo a case; no member of staff may lift or overturn what they or their keys
# opened.
FOUR_EYES = (
    "outcome is null or opened_by_kind <> 'staff' or closed_by_kind is null or "
    "closed_by_kind <> 'staff'"
    " or (outcome = 'undone') = (opened_by_id = closed_by_id)"
)
FOUR_EYES_OF_OWNER = (
    "outcome is null or outcome = 'undone' or accountable_id is null or closed_by_kind <> 'staff'"
    " or closed_by_id <> accountable_id"
)
FOUR_EYES_OF_REVIEW = (
    "reviewed_by_id is null or accountable_id is null or reviewed_by_id <> accountable_id"
)
WAITS_FROM = """
    CASE WHEN reviewed_at IS NULL THEN opened_at WHEN lift_asked_at > reviewed_at THEN lift_asked_at
    ELSE review_by END
"""
# The columns of a covering index of open cases, in queue order.
IN_QUEUE = (
    "opened_at", "seq", "review_by", "reviewed_at", "lift_asked_at", "reason", "opened_by_kind",
    "opened_by_id", "opened_by_name", "accountable_id", "customer_seq", "closed_at",
)  # fmt: skip
OPEN, CLOSED = text("closed_at is null"), text("closed_at is not null")
# In the words of its partial index: SQLite does not use that for `to_check = 1`.
TO_CHECK = text("to_check")
ENDS = text("until is not null and closed_at is null")


class State(StrEnum):
    """How a case stands; derived from its times, never stored."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    LIFTED = "lifted"
    UNDONE = "undone"
    JOINED = "joined"
    ENDED = "ended"


class Decision(StrEnum):
    """What a review decides: the case stands, or it was wrong and is closed."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


OUTCOMES = tuple(
    state.value
    for state in (State.OVERTURNED, State.LIFTED, State.UNDONE, State.JOINED, State.ENDED)
)
DECISIONS = tuple(decision.value for decision in Decision)


class Blacklisting(Model):
    """One case: opened for a reason, then possibly reviewed and closed.

    A case outlives the customer's row, so there is no foreign key: a deleted customer's closed
    cases still count. What people wrote about the customer is then erased; `note` is `None` for no
    other reason.

    Attributes:
        evidence: Links that support it, https only.
        accountable_id: The staff member who opened it, or who owns the key that did.
        also_accountable: Those who answer for cases that were joined with this one, when records
            were merged.
        review_by: When it is due for review.
        reviewed_at: Like the rest of `reviewed_…`, from the last review that stands; all are in
            `Review`.
        until: When it ends; `None` if it has no end. See `ending`.
        to_check: Removed by a program or at the command line, or ended without a review, and no
            manager has looked yet.
        lift_asked_at: When somebody last asked for it to be lifted; a later review answers the
            request.
    """

    __tablename__ = "blacklisting"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    customer_seq: Mapped[int] = mapped_column(Sequence)
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text, default="")
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    opened_at: Mapped[datetime] = mapped_column(Moment, index=True)
    opened_by_kind: Mapped[str] = mapped_column(String(8))
    opened_by_id: Mapped[int | None]
    opened_by_name: Mapped[str] = mapped_column(Text)
    accountable_id: Mapped[int | None]
    also_accountable: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    review_by: Mapped[datetime] = mapped_column(Moment)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewed_by_id: Mapped[int | None]
    reviewed_by_name: Mapped[str | None] = mapped_column(Text)
    review_note: Mapped[str | None] = mapped_column(Text)
    lift_asked_at: Mapped[datetime | None] = mapped_column(Moment)
    lift_asked_by_id: Mapped[int | None]
    lift_asked_by_name: Mapped[str | None] = mapped_column(Text)
    lift_reason: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by_kind: Mapped[str | None] = mapped_column(String(8))
    closed_by_id: Mapped[int | None]
    closed_by_name: Mapped[str | None] = mapped_column(Text)
    closed_note: Mapped[str | None] = mapped_column(Text)
    until: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(12))
    to_check: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        CheckConstraint(f"reason in {REASONS}", name="reason_known"),
        CheckConstraint("reason <> 'other' or note <> ''", name="other_has_note"),
        CheckConstraint(f"length(note) <= {MAX_NOTE_LENGTH}", name="note_length"),
        CheckConstraint(f"length(review_note) <= {MAX_NOTE_LENGTH}", name="review_note_length"),
        CheckConstraint(f"length(lift_reason) <= {MAX_NOTE_LENGTH}", name="lift_reason_length"),
        CheckConstraint(f"length(closed_note) <= {MAX_NOTE_LENGTH}", name="closed_note_length"),
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed_has_outcome"),
        CheckConstraint("until is null or until > opened_at", name="until_later"),
        CheckConstraint(FOUR_EYES, name="four_eyes"),
        CheckConstraint(FOUR_EYES_OF_OWNER, name="four_eyes_of_owner"),
        CheckConstraint(FOUR_EYES_OF_REVIEW, name="four_eyes_of_review"),
        CheckConstraint(f"outcome is null or outcome in {OUTCOMES}", name="outcome_known"),
        Index("ix_blacklisting_customer_seq", "customer_seq", "outcome"),
        Index("ix_blacklisting_queue", *IN_QUEUE, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_blacklisting_review_by", "review_by", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "uq_blacklisting_one_open",
            "customer_seq",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "ix_blacklisting_waits_from",
            text(f"({WAITS_FROM})"),
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "ix_blacklisting_closed_at", "closed_at", sqlite_where=CLOSED, postgresql_where=CLOSED
        ),
        Index(
            "ix_blacklisting_to_check",
            "closed_at",
            sqlite_where=TO_CHECK,
            postgresql_where=TO_CHECK,
        ),
        Index("ix_blacklisting_until", "until", sqlite_where=ENDS, postgresql_where=ENDS),
        Index("ix_blacklisting_lift_asked_by_id", "lift_asked_by_id", "lift_asked_at"),
        {"sqlite_autoincrement": True},
    )

    @property
    def lift_is_asked(self) -> bool:
        """Whether it is open and has a lift request that no review has answered."""
        asked, reviewed = self.lift_asked_at, self.reviewed_at
        return (
            self.closed_at is None and asked is not None and (reviewed is None or asked > reviewed)
        )

    def is_answered_for_by(self, eyes: Set[int]) -> bool:
        """Whether one of these members opened it, or owns the key that did, so that they cannot be
        the second pair of eyes.
        """
        return self.accountable_id in eyes or not eyes.isdisjoint(self.also_accountable or ())

    def state(self, now: datetime) -> State:
        if self.outcome:
            return State(self.outcome)
        if self.review_by <= now:
            return State.OVERDUE
        return State.WAITING if self.reviewed_at is None or self.lift_is_asked else State.UPHELD

    def waits(self, now: datetime) -> bool:
        """Whether it waits for a manager: it was never reviewed, a lift was asked for, or its
        review is due.
        """
        return self.state(now) in (State.WAITING, State.OVERDUE)

    @property
    def waits_from(self) -> datetime | None:
        """From when it waits for a manager, past or future; `None` once it is closed. The SQL of
        this is `WAITS_FROM`.
        """
        if self.closed_at is not None:
            return None
        if self.reviewed_at is None:
            return self.opened_at
        return self.lift_asked_at if self.lift_is_asked else self.review_by

    @classmethod
    def waiting(cls, now: datetime) -> ColumnElement[bool]:
        """`waits` as a query condition."""
        waits_from: ColumnElement[datetime] = literal_column(WAITS_FROM, Moment)
        return cls.closed_at.is_(None) & (waits_from <= now)


class Review(Model):
    """A manager's review of a case.

    Attributes:
        note: `None` when the customer was deleted.
        review_by: When an upheld case is due for review again.
        undone_at: When the reviewer undid it, within ten minutes.
        closed_at: Like the rest of `closed_…`, how the case was closed before this review opened
            it again.
    """

    __tablename__ = "review"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    case_seq: Mapped[int] = mapped_column(ForeignKey("blacklisting.seq"), index=True)
    decision: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text, default="")
    review_by: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_outcome: Mapped[str | None] = mapped_column(String(12))
    closed_by_name: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_review_at", "at", "undone_at", "case_seq", "decision"),
        Index("ix_review_closed_at", "closed_at", sqlite_where=CLOSED, postgresql_where=CLOSED),
        CheckConstraint(f"decision in {DECISIONS}", name="decision_known"),
        CheckConstraint(
            "(decision = 'upheld') = (review_by is not null)", name="upheld_is_looked_at_again"
        ),
        CheckConstraint(f"length(note) <= {MAX_NOTE_LENGTH}", name="note_length"),
        {"sqlite_autoincrement": True},
    )


class CountedCases(Model):
    """What the cases of a customer are counted by in `CaseTally`; see `case_counts.Cases`."""

    __tablename__ = "counted_cases"

    customer_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    times: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(16))
    opener: Mapped[str | None] = mapped_column(Text)
    dial_code: Mapped[str | None] = mapped_column(String(5))
    waits: Mapped[str | None] = mapped_column(byte_ordered(6))
    due: Mapped[str | None] = mapped_column(byte_ordered(6))


class CaseTally(Model):
    """How many cases are in a figure: the sum of its rows, which writers add without waiting for
    each other.
    """

    __tablename__ = "case_tally"

    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    figure: Mapped[str] = mapped_column(byte_ordered(12))
    whose: Mapped[str] = mapped_column(byte_ordered(400))
    number: Mapped[int]

    __table_args__ = (Index("ix_case_tally_figure", "figure", "whose", "number"),)
