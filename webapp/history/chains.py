"""Reads the history chain by chain, in the order of subjects, and which subjects there are."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Executable, Text, and_, cast, select

from webapp.history.entries import HistoryEntry, HistoryValues, Subject
from webapp.history.found import Piece, with_found
from webapp.history.log import KEY, LogLeaf, PendingLeaf
from webapp.history.rows import Telling
from webapp.kernel import clock
from webapp.kernel.database import db

BATCH = 1_000
SAID = ["subject", "subject_seq", "number", "kind", "version", "based_on"]
SAID += ["actor_kind", "actor_id", "actor_name", "door", "request_id"]


@dataclass(frozen=True)
class Chain:
    """The entries of a subject.

    Attributes:
        version: The subject's own; `None` if it is not there.
    """

    subject: Subject
    entries: Sequence[Any]
    version: int | None


def chains(present: Mapping[str, Executable]) -> Generator[Chain]:
    """A merge join of entries and subjects, both in order; either side may lack a counterpart."""
    with closing(_written()) as written, closing(_standing(present)) as standing:
        entries, subject = next(written, None), next(standing, None)
        while entries or subject:
            if subject and (not entries or subject[0] < entries[0]):
                yield Chain(Subject(*subject[0]), (), subject[1])
                subject = next(standing, None)
            elif entries and (not subject or entries[0] < subject[0]):
                yield Chain(Subject(*entries[0]), entries[1], None)
                entries = next(written, None)
            elif entries and subject:
                yield Chain(Subject(*subject[0]), entries[1], subject[1])
                entries, subject = next(written, None), next(standing, None)


def _written() -> Generator[tuple[tuple[str, int], Sequence[Any]]]:
    entry, values = HistoryEntry.__table__.c, HistoryValues.__table__.c
    leaf, pending = LogLeaf.__table__.c, PendingLeaf.__table__.c
    query = (
        select(
            *(entry[name] for name in SAID),
            cast(entry.at, Text).label("at_text"),
            cast(entry.fields, Text).label("fields_text"),
            entry.digest,
            entry.seal,
            leaf.hash.label("leaf"),
            pending.hash.label("pending"),
            values.salt,
            cast(values.old, Text).label("old_text"),
            cast(values.new, Text).label("new_text"),
        )
        .select_from(HistoryEntry.__table__)
        .outerjoin(HistoryValues.__table__, is_about(values))
        .outerjoin(LogLeaf.__table__, is_about(leaf))
        .outerjoin(PendingLeaf.__table__, is_about(pending))
        .order_by(entry.subject, entry.subject_seq, entry.number)
    )
    with closing(db.session.execute(query, execution_options={"yield_per": BATCH})) as rows:
        for key, entries in groupby(rows, key=lambda row: (row.subject, row.subject_seq)):
            yield key, list(entries)


def is_about(columns: Any) -> ColumnElement[bool]:
    """Whether a row of another table is about an entry, as a join condition."""
    entry = HistoryEntry.__table__.c
    return and_(*(columns[name] == entry[name] for name in KEY))


def _standing(present: Mapping[str, Executable]) -> Generator[tuple[tuple[str, int], int]]:
    for kind, query in present.items():
        with closing(db.session.execute(query, execution_options={"yield_per": BATCH})) as rows:
            for seq, version in rows:
                yield (kind, seq), version


def tellings_of(chain: Chain, piece: Piece | None) -> Sequence[Telling]:
    """What a chain tells of rows, with what was found about its subject."""
    tellings = [
        Telling(
            kind=row.kind,
            at=clock.from_milliseconds(int(row.at_text)),
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            actor_name=row.actor_name,
            door=row.door,
            version=row.version,
            new=None if row.new_text is None else json.loads(row.new_text),
        )
        for row in chain.entries
    ]
    return with_found(tellings, piece)
