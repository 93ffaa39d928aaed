"""Reads the history chain by chain, in the order of subjects, and which subjects there are."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, select, tuple_

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


@dataclass(frozen=True)
class Part:
    """Which subjects are read; all, if nothing is said.

    Attributes:
        kind: Those of one kind.
        after: Those that come after this one.
        since: Those with entries from this event of the log on.
    """

    kind: str | None = None
    after: Subject | None = None
    since: int | None = None

    def may_have(self, kind: str) -> bool:
        return self.kind in (None, kind) and (self.after is None or kind >= self.after.kind)

    def of(self, kind: str, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The rows of a query that are about such subjects; its first column is their key."""
        key = next(iter(query.selected_columns))
        if self.after and self.after.kind == kind:
            query = query.where(key > self.after.seq)
        if self.since is not None:
            its_own = (_leaf.subject == kind) & (_leaf.event >= self.since)
            query = query.where(key.in_(select(_leaf.subject_seq).where(its_own)))
        return query

    def of_entries(self, query: Select[Any]) -> Select[Any]:
        """The same for a query of entries of every kind."""
        if self.kind:
            query = query.where(_entry.subject == self.kind)
        if self.after:
            later = tuple_(_entry.subject, _entry.subject_seq)
            query = query.where(later > (self.after.kind, self.after.seq))
        if self.since is not None:
            changed = select(_leaf.subject, _leaf.subject_seq).where(_leaf.event >= self.since)
            query = query.where(tuple_(_entry.subject, _entry.subject_seq).in_(changed))
        return query


WHOLE = Part()
_entry, _leaf = HistoryEntry.__table__.c, LogLeaf.__table__.c


def chains(present: Mapping[str, Select[Any]], part: Part = WHOLE) -> Generator[Chain]:
    """A merge join of entries and subjects, both in order; either side may lack a counterpart."""
    with closing(_written(part)) as written, closing(_standing(present, part)) as standing:
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


def _written(part: Part) -> Generator[tuple[tuple[str, int], Sequence[Any]]]:
    entry, values = _entry, HistoryValues.__table__.c
    leaf, pending = _leaf, PendingLeaf.__table__.c
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
    query = part.of_entries(query)
    with closing(db.session.execute(query, execution_options={"yield_per": BATCH})) as rows:
        for key, entries in groupby(rows, key=lambda row: (row.subject, row.subject_seq)):
            yield key, list(entries)


def is_about(columns: Any) -> ColumnElement[bool]:
    """Whether a row of another table is about an entry, as a join condition."""
    entry = HistoryEntry.__table__.c
    return and_(*(columns[name] == entry[name] for name in KEY))


def _standing(
    present: Mapping[str, Select[Any]], part: Part
) -> Generator[tuple[tuple[str, int], int]]:
    for kind, query in present.items():
        if not part.may_have(kind):
            continue
        its_own = part.of(kind, query)
        with closing(db.session.execute(its_own, execution_options={"yield_per": BATCH})) as rows:
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
