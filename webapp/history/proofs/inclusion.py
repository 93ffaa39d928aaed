"""Proofs that an entry stands in the log: whoever has one, and a signed root, can check what stood
in the book at that time without the book; `docs/verify_entry.py` does.
"""

from typing import Any

from sqlalchemy import select

from webapp.history import log
from webapp.history.entries import HistoryEntry, Subject
from webapp.history.log import LogLeaf
from webapp.history.proofs import merkle
from webapp.history.proofs.roots import Root
from webapp.kernel.database import db
from webapp.kernel.refusals import NotFound


class NoSuchEntry(NotFound):
    code = "entry_not_found"
    sentence = "The log has no such entry"


def find_event(subject: Subject, number: int) -> int | None:
    """The number of an entry in the log; `None` while it has none."""
    key = {"subject": subject.kind, "subject_seq": subject.seq, "number": number}
    return db.session.scalar(select(LogLeaf.event).filter_by(**key))


def prove(subject: Subject, number: int, root: Root) -> dict[str, Any]:
    """The proof, as a document of JSON types: the entry as the log has it, its values if they were
    not erased, and the hashes that lead from it to the root.

    Args:
        root: A root of the present log.

    Raises:
        NotFound: `entry_not_found`; it does not exist, or only since that root.
    """
    key = {"subject": subject.kind, "subject_seq": subject.seq, "number": number}
    entry = db.session.get(HistoryEntry, tuple(key.values()))
    event = find_event(subject, number)
    if entry is None or event is None or event >= root.size:
        raise NoSuchEntry
    row = {column.key: getattr(entry, column.key) for column in HistoryEntry.__table__.columns}
    path = merkle.inclusion_proof(log.nodes_of(db.session.connection()), event, root.size)
    return {
        "entry": log.content_of(row).decode(),
        "values": _values_of(entry),
        "event": event,
        "size": root.size,
        "proof": [one.hex() for one in path],
    }


def _values_of(entry: HistoryEntry) -> dict[str, Any] | None:
    values = entry.values
    if values is None:
        return None
    return {"salt": values.salt.hex(), "old": values.old, "new": values.new}
