"""Verifies that the history is as it was written: every entry in its place, sealed, with its own
values, none missing.
"""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, Text, cast, select

from webapp.history.entries import (
    FIRST_SEAL,
    HistoryEntry,
    HistoryValues,
    Subject,
    entry_seal,
    values_digest,
)
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.dialects import any_bytes_readable, snapshot

BATCH = 1_000
_SAID = ["subject", "subject_seq", "number", "kind", "version", "based_on"]
_SAID += ["actor_kind", "actor_id", "actor_name", "door", "request_id"]


@dataclass(frozen=True)
class Fault:
    """The first thing that is not as it was written.

    Attributes:
        number: Number of the entry.
        what: Completes the sentence "Entry 3 …".
    """

    subject: Subject
    number: int
    what: str


@dataclass(frozen=True)
class Report:
    entries: int
    subjects: int
    fault: Fault | None


@dataclass(frozen=True)
class _Chain:
    subject: Subject
    entries: Sequence[Any]
    version: int | None


def verify(present: Mapping[str, Executable]) -> Report:
    """Check every entry of every chain, in the order of subjects, up to the first fault.

    Args:
        present: For each kind of subject, in alphabetical order, a query for the key and version of
            every subject that exists or ever existed, ordered by key. This also detects entries cut
            off at the end of a chain.
    """
    entries = subjects = 0
    snapshot()  # entries written during the check are left to the next one
    with any_bytes_readable(), closing(_chains(present)) as chains:
        for chain in chains:
            fault = _fault_in(chain)
            if fault:
                return Report(entries, subjects, fault)
            entries, subjects = entries + len(chain.entries), subjects + 1
    return Report(entries, subjects, None)


def _chains(present: Mapping[str, Executable]) -> Generator[_Chain]:
    """A merge join of entries and subjects, both in order; either side may lack a counterpart."""
    with closing(_written()) as written, closing(_standing(present)) as standing:
        entries, subject = next(written, None), next(standing, None)
        while entries or subject:
            if subject and (not entries or subject[0] < entries[0]):
                yield _Chain(Subject(*subject[0]), (), subject[1])
                subject = next(standing, None)
            elif entries and (not subject or entries[0] < subject[0]):
                yield _Chain(Subject(*entries[0]), entries[1], None)
                entries = next(written, None)
            elif entries and subject:
                yield _Chain(Subject(*subject[0]), entries[1], subject[1])
                entries, subject = next(written, None), next(standing, None)


def _written() -> Generator[tuple[tuple[str, int], Sequence[Any]]]:
    entry, values = HistoryEntry.__table__.c, HistoryValues.__table__.c
    same = (entry.subject == values.subject) & (entry.subject_seq == values.subject_seq)
    query = (
        select(
            *(entry[name] for name in _SAID),
            cast(entry.at, Text).label("at_text"),
            cast(entry.fields, Text).label("fields_text"),
            entry.digest,
            entry.seal,
            values.salt,
            cast(values.old, Text).label("old_text"),
            cast(values.new, Text).label("new_text"),
        )
        .outerjoin_from(
            HistoryEntry.__table__, HistoryValues.__table__, same & (entry.number == values.number)
        )
        .order_by(entry.subject, entry.subject_seq, entry.number)
    )
    with closing(db.session.execute(query, execution_options={"yield_per": BATCH})) as rows:
        for key, entries in groupby(rows, key=lambda row: (row.subject, row.subject_seq)):
            yield key, list(entries)


def _standing(present: Mapping[str, Executable]) -> Generator[tuple[tuple[str, int], int]]:
    for kind, query in present.items():
        with closing(db.session.execute(query, execution_options={"yield_per": BATCH})) as rows:
            for seq, version in rows:
                yield (kind, seq), version


def _fault_in(chain: _Chain) -> Fault | None:
    seal, was_erased = FIRST_SEAL, any(row.kind == "deleted" for row in chain.entries)
    for number, row in enumerate(chain.entries, start=1):
        if row.number != number:
            return Fault(chain.subject, number, "is missing")
        what = _fault_of(row, seal, was_erased=was_erased)
        if what:
            return Fault(chain.subject, number, what)
        seal = row.seal
    if chain.version is None:
        return Fault(
            chain.subject,
            len(chain.entries),
            "is the last about somebody who vanished without being deleted",
        )
    if len(chain.entries) < chain.version:
        return Fault(chain.subject, len(chain.entries) + 1, "is missing")
    if len(chain.entries) > chain.version:
        return Fault(
            chain.subject,
            chain.version + 1,
            "tells of a change that was taken back without an entry",
        )
    return None


def _fault_of(row: Any, previous_seal: bytes, *, was_erased: bool) -> str | None:
    try:
        if entry_seal(_said(row), previous_seal) != row.seal:
            return "was altered, or moved here from another place"
        if row.salt is None:
            return None if was_erased else "has lost its values"
        old, new = json.loads(row.old_text), json.loads(row.new_text)
        is_same = values_digest(row.salt, old, new) == row.digest
        return None if is_same else "has other values than were written"
    except (ValueError, TypeError, OverflowError):
        return "was altered: it cannot be read any more"


def _said(row: Any) -> dict[str, Any]:
    content = {name: getattr(row, name) for name in _SAID}
    content["at"] = clock.from_milliseconds(int(row.at_text))
    return content | {"fields": json.loads(row.fields_text), "digest": row.digest}
