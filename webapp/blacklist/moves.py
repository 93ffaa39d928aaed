"""Cases that moved with a record that was merged into another, or came back: whose each was, when,
and with which other one it was joined.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Index, Select, Text, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.blacklist.models import Blacklisting
from webapp.history.entries import HistoryEntry, Subject, entries_of
from webapp.kernel.database import Model, Moment, db
from webapp.kernel.database import Sequence as Key

JOINED = text("joined_to is not null")


class CaseMove(Model):
    """A case went from one customer to another.

    Attributes:
        joined_to: The open case that the survivor had already, so that this one was closed.
        joined_by_name: Who joined the two.
        joined_until: When that ended: it was open again, or went back closed.
    """

    __tablename__ = "case_move"

    seq: Mapped[int] = mapped_column(Key, primary_key=True)
    case_seq: Mapped[int] = mapped_column(Key)
    from_seq: Mapped[int] = mapped_column(Key, index=True)
    to_seq: Mapped[int] = mapped_column(Key, index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    joined_to: Mapped[int | None] = mapped_column(Key)
    joined_by_name: Mapped[str | None] = mapped_column(Text)
    joined_until: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_case_move_case_seq", "case_seq", "at"),
        Index("ix_case_move_joined_to", "joined_to", sqlite_where=JOINED, postgresql_where=JOINED),
    )


def moves_of(case_seqs: Collection[int]) -> Mapping[int, list[CaseMove]]:
    """The moves of some cases, by case, oldest first."""
    moves: dict[int, list[CaseMove]] = defaultdict(list)
    query = select(CaseMove).where(CaseMove.case_seq.in_(case_seqs)).order_by(CaseMove.seq)
    for move in db.session.scalars(query) if case_seqs else ():
        moves[move.case_seq].append(move)
    return moves


def has_moved_cases(customer_seq: int) -> bool:
    """Whether a case ever moved from or to this customer."""
    theirs = or_(CaseMove.from_seq == customer_seq, CaseMove.to_seq == customer_seq)
    return db.session.scalar(select(CaseMove.seq).where(theirs).limit(1)) is not None


def holder(case: Blacklisting, moves: Sequence[CaseMove], at: datetime) -> int:
    """The `seq` of the customer whose a case was at a moment."""
    later = next((move for move in moves if move.at > at), None)
    return later.from_seq if later else case.customer_seq


def cases_held(customer_seq: int, at: datetime) -> list[Blacklisting]:
    """The cases that were this customer's at a moment, newest first."""
    case = Blacklisting
    ever = select(CaseMove.case_seq).where(CaseMove.from_seq == customer_seq)
    theirs = or_(case.customer_seq == customer_seq, case.seq.in_(ever)) & (case.opened_at <= at)
    cases = db.session.scalars(select(case).where(theirs).order_by(case.seq.desc())).all()
    moves = moves_of([one.seq for one in cases])
    return [one for one in cases if holder(one, moves[one.seq], at) == customer_seq]


def entries_while_held(case: Blacklisting, moves: Sequence[CaseMove]) -> list[HistoryEntry]:
    """The entries of each customer whose the case was, while it was; newest first."""
    return sorted(
        (entry for span in _spans(case, moves) for entry in span),
        key=lambda entry: (entry.at, entry.number),
        reverse=True,
    )


def _spans(case: Blacklisting, moves: Sequence[CaseMove]) -> Iterator[list[HistoryEntry]]:
    since: datetime | None = None
    for seq, until in (*((one.from_seq, one.at) for one in moves), (case.customer_seq, None)):
        yield [
            entry
            for entry in entries_of(Subject("customer", seq), limit=None)
            if (since is None or entry.at >= since) and (until is None or entry.at < until)
        ]
        since = until


def joined_to(case_seq: int) -> Sequence[Blacklisting]:
    """The cases that are joined with this one, oldest first."""
    move = CaseMove
    now = (move.joined_to == case_seq) & move.joined_until.is_(None)
    query = select(Blacklisting).join(CaseMove, CaseMove.case_seq == Blacklisting.seq)
    return db.session.scalars(query.where(now).order_by(Blacklisting.seq)).all()


def joined_with_those_of(members: Collection[int]) -> Select[int | None]:
    """The cases with which one of these members' is joined now."""
    move = CaseMove
    query = select(move.joined_to).join(Blacklisting, Blacklisting.seq == move.case_seq)
    now = move.joined_to.is_not(None) & move.joined_until.is_(None)
    return query.where(now, Blacklisting.accountable_id.in_(members))


def was_joined(moves: Sequence[CaseMove], at: datetime) -> CaseMove | None:
    """The move by which a case was joined with another at a moment."""
    joined = (move for move in moves if move.joined_to is not None and move.at <= at)
    return next((one for one in joined if one.joined_until is None or one.joined_until > at), None)


def joined_at(moment: datetime) -> Select[int]:
    """The cases that were joined with another at a moment, and are not since."""
    move = CaseMove
    was: ColumnElement[bool] = (move.at <= moment) & (move.joined_until > moment)
    return select(move.case_seq).where(move.joined_to.is_not(None), was)
