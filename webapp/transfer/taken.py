"""Who took customers along: what the history says of exports."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from io import BufferedReader

from sqlalchemy import select

from webapp.history.entries import HistoryEntry
from webapp.kernel.database import db
from webapp.transfer.exports import BEGAN, EXPORTED, code_of

TAKEN_BY = ("book", "key", "staff")


def taker_of(file: BufferedReader) -> HistoryEntry | None:
    """The entry of the export that was this file."""
    code = code_of(hashlib.file_digest(file, "sha256").digest())
    entry = HistoryEntry
    query = select(entry).where(entry.subject.in_(TAKEN_BY), entry.kind == EXPORTED)
    return next((one for one in db.session.scalars(query) if one.new("code") == code), None)


def latest(limit: int) -> Sequence[HistoryEntry]:
    """What was exported last, newest first."""
    entry = HistoryEntry
    query = select(entry).where(entry.subject.in_(TAKEN_BY), entry.kind.in_((BEGAN, EXPORTED)))
    newest = query.order_by(entry.at.desc(), entry.number.desc())
    return db.session.scalars(newest.limit(limit)).all()


def exports_since(at: datetime) -> Sequence[HistoryEntry]:
    """What was exported after a moment, oldest first."""
    entry = HistoryEntry
    query = select(entry).where(entry.subject.in_(TAKEN_BY), entry.kind == EXPORTED, entry.at > at)
    return db.session.scalars(query.order_by(entry.at, entry.number)).all()
