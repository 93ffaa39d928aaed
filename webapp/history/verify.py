"""Verifies that the history is as it was written: every entry in its place, sealed, with its own
values, none missing, in its chain as in the log.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select

from webapp.history.book import find_fact
from webapp.history.chains import (
    BATCH,
    SAID,
    WHOLE,
    Chain,
    Part,
    chains,
    is_about,
    tellings_of,
)
from webapp.history.entries import (
    FIRST_SEAL,
    HistoryEntry,
    Subject,
    entry_seal,
    values_digest,
)
from webapp.history.found import Blocks
from webapp.history.log import LEVELS_STORED, UNLOGGED, LogLeaf, LogNode, LogTree, content_of
from webapp.history.proofs.merkle import leaf_hash
from webapp.history.rows import Group, RowsInStep, RowsOf, differences
from webapp.kernel import clock, crypto
from webapp.kernel.database import db
from webapp.kernel.dialects import any_bytes_readable, snapshot

# A number that was altered must not make millions of entries miss.
MOST_MISSING = 1_000


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written.

    Attributes:
        subject: Whose chain it is in; `LOG` for the log itself.
        number: Number of the entry, or of the event in the log; 0 if it is about the rows.
        what: Completes the sentence "Entry 3 of customer 17 …", or "Customer 17 …".
        content: A short digest of what is there instead: the same fault with another content is
            another one.
    """

    subject: Subject
    number: int
    what: str
    content: str = ""


LOG = Subject("log", 0)
# A tree that begins later than with the first leaf computes no higher level.
TOP = 2 * LEVELS_STORED


@dataclass
class Tally:
    """How much was checked.

    Attributes:
        events: How many entries the log has.
        unlogged: Whether entries of before the log are still being added to it.
    """

    entries: int = 0
    subjects: int = 0
    events: int = 0
    unlogged: bool = False


def faults(
    present: Mapping[str, Select[Any]],
    tally: Tally,
    rows: Mapping[str, Sequence[RowsOf]] | None = None,
    *,
    part: Part = WHOLE,
    progress: Callable[[Subject], None] = lambda _: None,
) -> Iterator[Fault]:
    """Check every entry of every chain, in the order of subjects, the rows that are about them, and
    then the log.

    Args:
        present: For each kind of subject, in alphabetical order, a query for the key and version of
            every subject that exists or ever existed, ordered by key. This also detects entries cut
            off at the end of a chain.
        tally: Counts what is checked.
        rows: For each kind of subject, the rows that must be as its sound chains say.
        part: Only these subjects, and the log only from where they begin in it.
        progress: Called after each subject.
    """
    snapshot()  # entries written during the check are left to the next one
    tally.unlogged = find_fact(UNLOGGED) is not None
    blocks = Blocks()
    with any_bytes_readable(), closing(chains(present, part)) as every:
        for kind, its_chains in groupby(every, key=lambda chain: chain.subject.kind):
            every_row = (rows or {}).get(kind, ())
            its_rows = [replace(one, query=part.of(kind, one.query)) for one in every_row]
            yield from _faults_of_kind(its_chains, its_rows, blocks, tally, progress)
    yield from _faults_of_the_log(tally, since=part.since or 0)


def faults_about(kind: str, present: Mapping[str, Select[Any]]) -> Iterator[Fault]:
    """Only those in the chains about one kind of subject."""
    tally = Tally(unlogged=find_fact(UNLOGGED) is not None)
    with any_bytes_readable(), closing(chains(present, Part(kind=kind))) as every:
        yield from _faults_of_kind(every, (), Blocks(), tally, lambda _: None)


def _faults_of_kind(
    its_chains: Iterable[Chain],
    rows: Sequence[RowsOf],
    blocks: Blocks,
    tally: Tally,
    progress: Callable[[Subject], None],
) -> Iterator[Fault]:
    """The faults of all chains about one kind of subject, and of the rows about them."""
    with ExitStack() as stack:
        steps = [stack.enter_context(closing(RowsInStep(one))) for one in rows]
        kind, pieces = "", None
        for chain in its_chains:
            kind = chain.subject.kind
            pieces = pieces or blocks.about(kind)
            yield from _faults_in(chain, is_logged=not tally.unlogged)
            about = pieces.of(chain.subject.seq)
            for step in steps:
                passed, there = step.of(chain.subject.seq)
                yield from _of_nobody(kind, passed, step.rows)
                for what in differences(step.rows, partial(tellings_of, chain, about), there):
                    yield Fault(chain.subject, 0, what, content_of_rows(there))
            tally.entries, tally.subjects = tally.entries + len(chain.entries), tally.subjects + 1
            progress(chain.subject)
        for step in steps:
            yield from _of_nobody(kind, step.rest(), step.rows)


def content_of_rows(rows: Sequence[Any]) -> str:
    """With the history key, so that nobody else finds other rows with the same."""
    content = repr([tuple(row) for row in rows]).encode(errors="surrogateescape")
    return crypto.mac(content).hex()[:12]


def _of_nobody(kind: str, groups: Sequence[Group], rows: RowsOf) -> Iterator[Fault]:
    for seq, there in groups:
        what = f"has {rows.name}, but no history"
        yield Fault(Subject(kind, seq), 0, what, content_of_rows(there))


def _faults_in(chain: Chain, *, is_logged: bool) -> Iterator[Fault]:
    seal, was_erased = FIRST_SEAL, any(row.kind == "deleted" for row in chain.entries)
    last = 0
    for row in chain.entries:
        yield from _missing(chain.subject, last, row.number)
        # Nothing is known of the seal before it if the entry with that is missing.
        previous_seal = seal if row.number == last + 1 else None
        what = _fault_of(row, previous_seal, was_erased=was_erased, is_logged=is_logged)
        if what:
            yield Fault(chain.subject, row.number, what, content_of_rows([row]))
        seal, last = row.seal, row.number
    if chain.version is None:
        what = "is the last about somebody who vanished without being deleted"
        yield Fault(chain.subject, last, what)
    elif last < chain.version:
        yield from _missing(chain.subject, last, chain.version + 1)
    elif last > chain.version:
        what = "tells of a change that was taken back without an entry"
        yield Fault(chain.subject, chain.version + 1, what)


def _missing(subject: Subject, last: int, following: int) -> Iterator[Fault]:
    for number in range(last + 1, min(following, last + 1 + MOST_MISSING)):
        yield Fault(subject, number, "is missing")


def _fault_of(
    row: Any, previous_seal: bytes | None, *, was_erased: bool, is_logged: bool
) -> str | None:
    try:
        content = _said(row)
        if previous_seal is not None and entry_seal(content, previous_seal) != row.seal:
            return "was altered, or moved here from another place"
        leaf = row.leaf or row.pending
        if leaf is None and is_logged:
            return "is not in the log"
        if leaf and leaf != leaf_hash(content_of(content | {"seal": row.seal})):
            return "stands otherwise in the log"
        if row.salt is None:
            return None if was_erased else "has lost its values"
        old, new = json.loads(row.old_text), json.loads(row.new_text)
        is_same = values_digest(row.salt, old, new) == row.digest
        return None if is_same else "has other values than were written"
    except (ValueError, TypeError, OverflowError):
        return "was altered: it cannot be read any more"


def _said(row: Any) -> dict[str, Any]:
    content = {name: getattr(row, name) for name in SAID}
    content["at"] = clock.from_milliseconds(int(row.at_text))
    return content | {"fields": json.loads(row.fields_text), "digest": row.digest}


def _faults_of_the_log(tally: Tally, *, since: int) -> Iterator[Fault]:
    """Events that are missing or have no entry, and stored hashes that are not those of leaves.

    Args:
        since: Only from the beginning of the subtree in which this event is.
    """
    tree = LogTree(since)
    tally.events = tree.start
    entry, leaf = HistoryEntry.__table__.c, LogLeaf.__table__.c
    query = (
        select(leaf.event, leaf.subject, leaf.subject_seq, leaf.number, leaf.hash, entry.at)
        .select_from(LogLeaf.__table__)
        .outerjoin(HistoryEntry.__table__, is_about(leaf))
        .where(leaf.event >= tree.start)
        .order_by(leaf.event)
    )
    with closing(db.session.execute(query, execution_options={"yield_per": BATCH})) as rows:
        for row in rows:
            if row.event != tally.events:
                what = "is missing, or they are not in their order"
                yield Fault(LOG, tally.events, what)
                return
            if row.at is None:
                subject = Subject(row.subject, row.subject_seq)
                yield Fault(subject, row.number, "is in the log, but not in the history")
            tree.add(row.hash)
            tally.events += 1
    yield from _faults_of_stored_hashes(tree)


def _faults_of_stored_hashes(tree: LogTree) -> Iterator[Fault]:
    node = LogNode.__table__.c
    is_computed = node.place.bitwise_lshift(node.level) >= tree.start
    if tree.start:
        is_computed &= node.level <= TOP
    rows = db.session.execute(select(node.level, node.place, node.hash).where(is_computed))
    stored = {(row.level, row.place): row.hash for row in rows}
    for (level, place), computed in tree.complete.items():
        if stored.pop((level, place), None) != computed:
            yield Fault(LOG, place << level, f"begins {1 << level:,} events with another hash")
    for level, place in stored:
        yield Fault(LOG, place << level, "begins a hash of events that are not there")
