"""What entries of an earlier edition do not say of rows, as it was found on a later day: entries of
their own, in blocks, which `verify` reads as if each subject's chain went on with its part.

They prove what stood in the book on that day and since, not before.
"""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Text, cast, func, select

from webapp.history import of_book
from webapp.history.book import find_fact, forget_fact, set_fact
from webapp.history.entries import Event, HistoryEntry, HistoryValues, Subject, append
from webapp.history.rows import FOUND, Telling
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import wait_for_advisory_lock

BATCH = 500
# The fact that there are subjects whose entries do not say enough.
UNTOLD = "untold"
# The fact, by kind of subject, up to which key they were looked through.
LOOKED_UP_TO = "found {}"
# The number of the advisory lock of whoever writes blocks; no other module locks this one.
WRITING_BLOCKS = 20_261_128

Found = Mapping[int, Mapping[str, Any]]
# What was found about a subject, and the version that it then had.
Piece = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Untold:
    """How a room says what the entries of its subjects leave out.

    Attributes:
        kind: Of the subjects.
        next_keys: The next keys after one, up to a number, of subjects that exist or existed.
        looks: Each says what a room finds about such subjects; JSON types.
    """

    kind: str
    next_keys: Callable[[int, int], Sequence[int]]
    looks: Sequence[Callable[[Sequence[int]], Found]]


def are_untold() -> bool:
    """Whether there may be entries that do not say enough."""
    return find_fact(UNTOLD) is not None


def complete(kinds: Sequence[Untold], *, progress: Callable[[int], None]) -> None:
    """Write down what is found about all subjects, in batches, so that people can work in between;
    an interrupted run goes on where it stopped.

    Args:
        progress: Called with the number of subjects after each batch.
    """
    for one in kinds:
        while looked := _complete_some(one):
            progress(looked)
    with writing():
        forget_fact(UNTOLD)


def _complete_some(one: Untold) -> int:
    with writing():
        # One run at a time, and the numbers of blocks one after the other.
        wait_for_advisory_lock(db.session.connection(), WRITING_BLOCKS)
        fact = LOOKED_UP_TO.format(one.kind)
        keys = one.next_keys(int(find_fact(fact) or 0), BATCH)
        if keys:
            _write(one.kind, *_looked_at(one, keys))
            set_fact(fact, str(keys[-1]))
    return len(keys)


def _looked_at(one: Untold, keys: Sequence[int]) -> tuple[Found, Mapping[int, int]]:
    """What is found, and the versions that subjects had; looked at again if somebody changed one
    meanwhile.
    """
    versions = _versions(one.kind, keys)
    while True:
        whole: dict[int, dict[str, Any]] = {}
        for look in one.looks:
            for seq, about in look(keys).items():
                whole.setdefault(seq, {}).update(about)
        db.session.expire_all()
        before, versions = versions, _versions(one.kind, keys)
        if before == versions:
            return whole, versions


def _write(kind: str, what: Found, versions: Mapping[int, int]) -> None:
    rows = [[seq, versions[seq], about] for seq, about in sorted(what.items()) if seq in versions]
    last = select(func.max(HistoryEntry.subject_seq)).where(HistoryEntry.subject == FOUND)
    subject = Subject(FOUND, (db.session.scalar(last) or 0) + 1)
    new = {"kind": kind, "rows": rows}
    append(
        subject,
        Event(kind=FOUND, at=clock.now(), by=of_book.BY, version=1, old={}, new=new),
        is_first=True,
    )


def _versions(kind: str, seqs: Sequence[int]) -> Mapping[int, int]:
    """The version that each subject has by its last entry."""
    entry = HistoryEntry
    about = (entry.subject == kind) & entry.subject_seq.in_(seqs)
    latest = select(entry.subject_seq, func.max(entry.version)).where(about)
    rows = db.session.execute(latest.group_by(entry.subject_seq))
    return {row[0]: row[1] for row in rows}


class FoundInStep:
    """Reads what was found about one kind of subject, in the order of keys."""

    def __init__(self, kind: str) -> None:
        self._rows = _found_about(kind)
        self._next = next(self._rows, None)

    def close(self) -> None:
        self._rows.close()

    def of(self, seq: int) -> Piece | None:
        while self._next and self._next[0] < seq:
            self._next = next(self._rows, None)
        if self._next is None or self._next[0] != seq:
            return None
        _, version, about = self._next
        return version, about


def with_found(tellings: Sequence[Telling], piece: Piece | None) -> Sequence[Telling]:
    """What a chain tells, with what was found about its subject in its place."""
    if piece is None:
        return tellings
    version, about = piece
    before = [one for one in tellings if one.version <= version]
    if not before:
        return tellings
    return [*before, replace(before[-1], kind=FOUND, new=about), *tellings[len(before) :]]


def _found_about(kind: str) -> Generator[tuple[int, int, Mapping[str, Any]]]:
    values = HistoryValues
    blocks = select(cast(values.new, Text)).where(values.subject == FOUND)
    query = blocks.order_by(values.subject_seq)
    with closing(db.session.execute(query, execution_options={"yield_per": 10})) as texts:
        for (text,) in texts:
            # Altered: its own chain says so.
            with suppress(ArithmeticError, LookupError, TypeError, ValueError):
                block = json.loads(text)
                rows = block["rows"] if block["kind"] == kind else []
                yield from [(int(seq), int(version), about) for seq, version, about in rows]
