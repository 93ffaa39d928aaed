"""What entries of an earlier edition do not say of rows, as it was found on a later day: entries of
their own, in blocks, which `verify` reads as if each subject's chain went on with its part.

They prove what stood in the book on that day and since, not before.
"""

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Any

from sqlalchemy import Text, bindparam, cast, func, select

from webapp.history import of_book
from webapp.history.book import find_fact, forget_fact, set_fact
from webapp.history.entries import Event, HistoryEntry, HistoryValues, Subject, append
from webapp.history.rows import FOUND, Telling
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import wait_for_advisory_lock
from webapp.kernel.prepared import Prepared

BATCH, BLOCK = 500, 50
# How the text of a block begins: its kind and the key of its first row.
BEGIN = re.compile(r'{"kind": ?"(?P<kind>\w+)", ?"rows": ?\[\[(?P<key>\d+),')
LONGEST_BEGIN = 80
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
    for start in range(0, len(rows), BLOCK):
        _write_block({"kind": kind, "rows": rows[start : start + BLOCK]})


def _write_block(new: Mapping[str, Any]) -> None:
    last = select(func.max(HistoryEntry.subject_seq)).where(HistoryEntry.subject == FOUND)
    subject = Subject(FOUND, (db.session.scalar(last) or 0) + 1)
    event = Event(kind=FOUND, at=clock.now(), by=of_book.BY, version=1, old={}, new=new)
    append(subject, event, is_first=True)


def _versions(kind: str, seqs: Sequence[int]) -> Mapping[int, int]:
    """The version that each subject has by its last entry."""
    entry = HistoryEntry
    about = (entry.subject == kind) & entry.subject_seq.in_(seqs)
    latest = select(entry.subject_seq, func.max(entry.version)).where(about)
    rows = db.session.execute(latest.group_by(entry.subject_seq))
    return {row[0]: row[1] for row in rows}


class Blocks:
    """All that was found, as one transaction sees it."""

    def about(self, kind: str) -> "FoundInStep":
        return FoundInStep(self._first_keys.get(kind, ()))

    @cached_property
    def _first_keys(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """By kind, the first key of each block, with the number of the block, in order."""
        values = HistoryValues
        begin = func.substr(cast(values.new, Text), 1, LONGEST_BEGIN)
        blocks = select(values.subject_seq, begin).where(values.subject == FOUND)
        by_kind = defaultdict[str, list[tuple[int, int]]](list)
        for number, text in db.session.execute(blocks):
            match = BEGIN.match(text)  # none, if it was altered: its own chain says so
            if match:
                by_kind[match["kind"]].append((int(match["key"]), number))
        return {kind: sorted(keys) for kind, keys in by_kind.items()}


class FoundInStep:
    """What was found about one kind of subject, asked for in the order of keys."""

    def __init__(self, first_keys: Sequence[tuple[int, int]]) -> None:
        self._first_keys = first_keys
        self._block: Mapping[int, Piece] = {}
        self._next = 0

    def of(self, seq: int) -> Piece | None:
        """Only the block that may tell of this subject is read."""
        place = bisect_right(self._first_keys, (seq, inf), self._next)
        if place > self._next:
            self._block = _pieces(self._first_keys[place - 1][1])
            self._next = place
        return self._block.get(seq)


def _pieces(number: int) -> Mapping[int, Piece]:
    block = _BLOCK.first(db.session.connection(), number=number)
    try:
        rows = json.loads(block.text if block else "")["rows"]
        return {int(seq): (int(version), about) for seq, version, about in rows}
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return {}


_BLOCK = Prepared(
    select(cast(HistoryValues.new, Text).label("text")).where(
        HistoryValues.subject == FOUND, HistoryValues.subject_seq == bindparam("number")
    )
)


def with_found(tellings: Sequence[Telling], piece: Piece | None) -> Sequence[Telling]:
    """What a chain tells, with what was found about its subject in its place."""
    if piece is None:
        return tellings
    version, about = piece
    before = [one for one in tellings if one.version <= version]
    if not before:
        return tellings
    return [*before, replace(before[-1], kind=FOUND, new=about), *tellings[len(before) :]]
