"""The history: what happened to a customer, staff member, role or key, as a sealed chain whose
values can be erased.

An entry (who, when, what kind, which fields) is stored apart from its old and new values. It holds
a salted digest of them, which still proves what they were after they had to be erased. Each seal
covers the one before it, so an altered, missing or reordered entry breaks the chain of its subject.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.history import log
from webapp.kernel import crypto
from webapp.kernel.database import Model, Moment, Sequence, canonical_json, db

FIRST_SEAL = bytes(32)
# More than any history has entries.
MAX_NUMBER = 2**31 - 1
SALT_BYTES = 16
BY_STAFF = text("actor_kind = 'staff' and subject = 'customer'")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something, and through which door.

    Attributes:
        kind: `staff`, `key`, or `system` for an operator's commands.
        id: Key of the staff member or API key; `None` for the system.
        name: As the history shows it for ever.
        door: `page`, `api` or `command`.
        request_id: Links the entry to the log lines of its request.
        owner_id: For an API key, the staff member who is accountable for it.
    """

    kind: str
    id: int | None
    name: str
    door: str
    request_id: str | None = None
    owner_id: int | None = None

    @property
    def accountable_id(self) -> int | None:
        """The staff member who is accountable, and so cannot be the second person who
        reviews it.
        """
        return self.owner_id if self.kind == "key" else self.id


@dataclass(frozen=True)
class Subject:
    """What an entry is about: `customer`, `key`, `staff` or `role`, and the internal key of its
    row.
    """

    kind: str
    seq: int


class HistoryEntry(Model):
    """What happened. Append-only: the database refuses updates."""

    __tablename__ = "history_entry"
    __table_args__ = (
        Index(
            "ix_history_entry_actor_id",
            "actor_id",
            "at",
            sqlite_where=BY_STAFF,
            postgresql_where=BY_STAFF,
        ),
        {"sqlite_with_rowid": False},
    )

    subject: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(24))
    fields: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int]
    based_on: Mapped[int | None]
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(Text)
    door: Mapped[str] = mapped_column(String(8))
    request_id: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))

    values: Mapped["HistoryValues | None"] = relationship(lazy="joined", viewonly=True)

    def old(self, name: str) -> Any:
        return self.values.old.get(name) if self.values else None

    def new(self, name: str) -> Any:
        return self.values.new.get(name) if self.values else None


class HistoryValues(Model):
    """The old and new values of an entry; deleted when the person must be forgotten."""

    __tablename__ = "history_values"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "subject_seq", "number"],
            ["history_entry.subject", "history_entry.subject_seq", "history_entry.number"],
        ),
        {"sqlite_with_rowid": False},
    )

    subject: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary(SALT_BYTES))
    old: Mapped[dict[str, Any]] = mapped_column(JSON)
    new: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something to be recorded.

    Attributes:
        version: The subject's version afterwards.
        based_on: The version that the person who did it had seen, if known.
    """

    kind: str
    at: datetime
    by: Actor
    version: int
    based_on: int | None = None
    old: Mapping[str, Any]
    new: Mapping[str, Any]


def append(subject: Subject, event: Event, *, is_first: bool = False) -> None:
    """Append an entry in the present write transaction; only `changes` calls this.

    The caller has locked the subject's row, so nobody else appends meanwhile; otherwise the primary
    key would reject the second entry.

    Args:
        is_first: The subject was added in this transaction.
    """
    if is_first:
        _insert(rows_for(subject, event, number=1, previous_seal=FIRST_SEAL))
        return
    about = {"kind": subject.kind, "seq": subject.seq}
    last = db.session.connection().execute(_LAST, about).first()
    number, seal = (last.number, last.seal) if last else (0, FIRST_SEAL)
    _insert(rows_for(subject, event, number=number + 1, previous_seal=seal))


def _insert(rows: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for model, row in zip((HistoryEntry, HistoryValues), rows, strict=True):
        db.session.execute(insert(cast(Table, model.__table__)), [row])
    log.add(db.session.connection(), rows[0])


def rows_for(
    subject: Subject, event: Event, *, number: int, previous_seal: bytes, salt: bytes | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two rows of an entry, sealed; for `append`, and for bulk loads that track the end of the
    chain themselves.
    """
    key = {"subject": subject.kind, "subject_seq": subject.seq, "number": number}
    old, new, salt = dict(event.old), dict(event.new), salt or secrets.token_bytes(SALT_BYTES)
    entry = key | {
        "at": event.at,
        "kind": event.kind,
        "fields": sorted(event.old.keys() | event.new.keys()),
        "version": event.version,
        "based_on": event.based_on,
        "actor_kind": event.by.kind,
        "actor_id": event.by.id,
        "actor_name": event.by.name,
        "door": event.by.door,
        "request_id": event.by.request_id,
        "digest": values_digest(salt, old, new),
    }
    return entry | {"seal": entry_seal(entry, previous_seal)}, key | {
        "salt": salt,
        "old": old,
        "new": new,
    }


def values_digest(salt: bytes, old: Mapping[str, Any], new: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(salt + _canonical([old, new])).digest()


def entry_seal(entry: Mapping[str, Any], previous_seal: bytes) -> bytes:
    """Seal an entry's content and the digest of its values, together with the previous seal."""
    content = {name: value for name, value in entry.items() if name not in {"digest", "seal"}}
    content["at"] = entry["at"].isoformat(timespec="milliseconds")
    return crypto.mac(previous_seal + entry["digest"] + _canonical(content))


def erase_values(subject: Subject) -> None:
    """Erase the values of a person's entries; the entries and their digests stay."""
    its_own = {"subject": subject.kind, "subject_seq": subject.seq}
    db.session.execute(delete(HistoryValues).filter_by(**its_own))


def entries_of(
    subject: Subject, *, before: int | None = None, limit: int | None = 20
) -> list[HistoryEntry]:
    """The newest entries, newest first, with their values.

    Args:
        before: Only entries with a lower number.
        limit: At most so many; `None` for all.
    """
    about = {"kind": subject.kind, "seq": subject.seq, "before": before or MAX_NUMBER}
    return list(db.session.scalars(_ENTRIES, about | {"most": limit or MAX_NUMBER}))


def latest_about(kind: str, *, limit: int) -> list[HistoryEntry]:
    """The newest entries about one kind of subject, newest first; for kinds with few subjects, such
    as `role`.
    """
    about = select(HistoryEntry).where(HistoryEntry.subject == kind)
    newest = about.order_by(
        HistoryEntry.at.desc(), HistoryEntry.subject_seq, HistoryEntry.number.desc()
    )
    return list(db.session.scalars(newest.limit(limit)))


def latest_by(staff_id: int, *, limit: int) -> list[Any]:
    """What a staff member recently did to customers: `subject_seq`, `kind` and `at`,
    newest first.
    """
    entry = HistoryEntry
    # Literals, because SQLite uses a partial index only if the query repeats its condition
    # literally.
    theirs = (entry.actor_kind == literal_column("'staff'")) & (
        entry.subject == literal_column("'customer'")
    )
    query = select(entry.subject_seq, entry.kind, entry.at).where(theirs)
    newest = query.where(entry.actor_id == staff_id).order_by(entry.at.desc(), entry.number.desc())
    return list(db.session.execute(newest.limit(limit)))


def entries_since(subject: Subject, version: int) -> list[HistoryEntry]:
    """What happened after a version, oldest first."""
    about = {"kind": subject.kind, "seq": subject.seq, "before": MAX_NUMBER, "most": MAX_NUMBER}
    newer = _ENTRIES.where(HistoryEntry.version > version)
    return list(db.session.scalars(newer, about))[::-1]


def first_entry(subject: Subject) -> HistoryEntry | None:
    return db.session.get(HistoryEntry, (subject.kind, subject.seq, 1))


_ENTRIES = (
    select(HistoryEntry)
    .where(
        HistoryEntry.subject == bindparam("kind"),
        HistoryEntry.subject_seq == bindparam("seq"),
        HistoryEntry.number < bindparam("before"),
    )
    .order_by(HistoryEntry.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_entry = cast(Table, HistoryEntry.__table__).c
_LAST = (
    select(_entry.number, _entry.seal)
    .where(_entry.subject == bindparam("kind"), _entry.subject_seq == bindparam("seq"))
    .order_by(_entry.number.desc())
    .limit(1)
)


def _canonical(value: Any) -> bytes:
    return canonical_json(value).encode()
