"""The log of all entries: one Merkle tree (RFC 9162) over every chain, in the order of event
numbers, so that nothing can be removed, added or moved without changing its root.

On SQLite an entry is in the log with the commit that writes it. PostgreSQL has several writers at a
time, who would wait for each other at the end of the log: there each leaves its leaf in
`log_pending`, and whoever comes next adds what all have left.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import BigInteger, Connection, Index, Integer, LargeBinary, String, Table, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from webapp.history.proofs import merkle
from webapp.kernel.database import Model, canonical_json, db, write_if_free
from webapp.kernel.database import Sequence as Number
from webapp.kernel.dialects import (
    has_several_writers,
    is_unavailable,
    try_advisory_lock,
    wait_for_advisory_lock,
)
from webapp.kernel.prepared import asked

# The hashes of complete subtrees are stored for every eighth level: of 256 leaves, of 65,536 …
LEVELS_STORED = 8
# One write in so many adds what others have left.
WRITES_TO_AN_ADDITION = 64
# The number of the advisory lock of whoever adds to the log; no other module locks this one.
ADDING_TO_THE_LOG = 20_261_127
# The columns that name an entry.
KEY = ("subject", "subject_seq", "number")
# The fact that entries of before the log are still to be added to it, and after which one.
UNLOGGED = "unlogged"


class LogLeaf(Model):
    """An entry's place in the log.

    Attributes:
        event: Its number, from 0, without gaps.
        hash: RFC 9162's leaf hash of its content.
    """

    __tablename__ = "log_leaf"
    __table_args__ = (Index("uq_log_leaf_entry", "subject", "subject_seq", "number", unique=True),)

    event: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(8))
    subject_seq: Mapped[int] = mapped_column(Number)
    number: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogNode(Model):
    """The hash of a complete subtree of 2**level leaves; see `merkle.Node`."""

    __tablename__ = "log_node"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class PendingLeaf(Model):
    """A leaf that is not in the log yet; only where several write at a time."""

    __tablename__ = "log_pending"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(String(8))
    subject_seq: Mapped[int] = mapped_column(Number)
    number: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


def content_of(entry: Mapping[str, Any]) -> bytes:
    """What a leaf is the hash of: the canonical JSON of the row of an entry, with bytes in
    hexadecimal digits and the moment in ISO 8601.
    """
    plain = {
        name: value.hex() if isinstance(value, bytes) else value for name, value in entry.items()
    }
    plain["at"] = entry["at"].isoformat(timespec="milliseconds")
    return canonical_json(plain).encode()


def leaf_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The leaf of an entry, as columns that `log_leaf` and `log_pending` share."""
    key = {name: entry[name] for name in KEY}
    return key | {"hash": merkle.leaf_hash(content_of(entry))}


def add(connection: Connection, entry: Mapping[str, Any]) -> None:
    """Add an entry that the present transaction has written."""
    leaf = leaf_of(entry)
    if has_several_writers(connection):
        asked(connection, _LEFT, **leaf)
        if leaf["hash"][0] % WRITES_TO_AN_ADDITION == 0:
            add_pending(connection)
        return
    event = int(asked(connection, _ADDED, **leaf)[0][0])
    _store_nodes(connection, event, event + 1)


_LEFT = """
    INSERT INTO log_pending (subject, subject_seq, number, hash)
    VALUES (:subject, :subject_seq, :number, :hash)
"""
_ADDED = """
    INSERT INTO log_leaf (event, subject, subject_seq, number, hash)
    SELECT coalesce(max(event), -1) + 1, :subject, :subject_seq, :number, :hash FROM log_leaf
    RETURNING event
"""


def add_pending(connection: Connection, *, wait: bool = False) -> None:
    """Add the leaves that others have left, in the present transaction; unless somebody else is
    doing it.

    Args:
        wait: Wait for them instead, so that all that was committed before is in the log.
    """
    if wait:
        wait_for_advisory_lock(connection, ADDING_TO_THE_LOG)
    elif not try_advisory_lock(connection, ADDING_TO_THE_LOG):
        return
    pending = sorted(asked(connection, _TAKEN))
    _append(connection, [dict(zip((*KEY, "hash"), row[1:], strict=True)) for row in pending])


def catch_up() -> None:
    """Add what others have left, in a transaction of its own, unless they are writing; a standby,
    which may not write, leaves it to its primary.
    """
    try:
        write_if_free(lambda: add_pending(db.session.connection(), wait=True))
    except DBAPIError as error:
        if not is_unavailable(error):
            raise


_TAKEN = "DELETE FROM log_pending RETURNING id, subject, subject_seq, number, hash"


def extend(connection: Connection, leaves: Sequence[Mapping[str, Any]]) -> None:
    """Add leaves at the end, behind what others have left."""
    add_pending(connection, wait=True)
    _append(connection, leaves)


def _append(connection: Connection, leaves: Sequence[Mapping[str, Any]]) -> None:
    """Nobody else adds any meanwhile."""
    if leaves:
        first = size_of(connection)
        rows = [{"event": event} | dict(leaf) for event, leaf in enumerate(leaves, start=first)]
        connection.execute(insert(cast(Table, LogLeaf.__table__)), rows)
        _store_nodes(connection, first, first + len(rows))


def size_of(connection: Connection) -> int:
    """How many entries are in the log."""
    return int(asked(connection, "SELECT coalesce(max(event), -1) + 1 FROM log_leaf")[0][0])


def _store_nodes(connection: Connection, first: int, end: int) -> None:
    """Store the hashes of the subtrees that the leaves from `first` to before `end` complete."""
    level = LEVELS_STORED
    while complete := range(first >> level, end >> level):
        node = nodes_of(connection)
        rows = [
            {"level": level, "place": place, "hash": _folded(node, level, place)}
            for place in complete
        ]
        connection.execute(insert(cast(Table, LogNode.__table__)), rows)
        level += LEVELS_STORED


def _folded(node: merkle.Node, level: int, place: int) -> bytes:
    return merkle.parent_hash(node(level - 1, 2 * place), node(level - 1, 2 * place + 1))


def nodes_of(connection: Connection) -> merkle.Node:
    """The hashes of the log's complete subtrees, each read once."""

    @cache
    def node(level: int, index: int) -> bytes:
        above = level % LEVELS_STORED
        width = 1 << above
        hashes = _stored(connection, level - above, index * width, (index + 1) * width)
        for _ in range(above):
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [merkle.parent_hash(left, right) for left, right in pairs]
        return hashes[0]

    return node


def hashes_between(connection: Connection, first: int, end: int) -> list[bytes]:
    """The hashes of the leaves from one event to before another."""
    return _stored(connection, 0, first, end)


class LogTree:
    """Computes, leaf after leaf, the hashes that are stored; those of subtrees that begin with or
    after its first leaf.

    Attributes:
        start: The event of the first leaf.
        complete: By level and place.
    """

    def __init__(self, event: int = 0) -> None:
        self.start = event >> 2 * LEVELS_STORED << 2 * LEVELS_STORED
        self.complete: dict[tuple[int, int], bytes] = {}
        self._size, self._right = 0, list[bytes]()

    def add(self, leaf: bytes) -> None:
        """Add the next leaf: `_right` has the hashes of the complete subtrees, widest first."""
        self._right.append(leaf)
        self._size += 1
        level, size = 0, self._size
        while size & 1 == 0:
            right, left = self._right.pop(), self._right.pop()
            self._right.append(merkle.parent_hash(left, right))
            level, size = level + 1, size >> 1
            first = self.start + (size - 1 << level)
            if level % LEVELS_STORED == 0 and first % (1 << level) == 0:
                self.complete[level, first >> level] = self._right[-1]


def _stored(connection: Connection, level: int, first: int, end: int) -> list[bytes]:
    """The hashes from one place to before another, at a level that is stored.

    Raises:
        LookupError: some are missing.
    """
    span = {"first": first, "end": end}
    rows = (
        asked(connection, _NODES, level=level, **span)
        if level
        else asked(connection, _LEAVES, **span)
    )
    if len(rows) != end - first:
        raise LookupError(f"the log lacks hashes of level {level} from {first} to {end}")
    return [bytes(row[0]) for row in rows]


_LEAVES = "SELECT hash FROM log_leaf WHERE event >= :first AND event < :end ORDER BY event"
_NODES = """
    SELECT hash FROM log_node WHERE level = :level AND place >= :first AND place < :end
    ORDER BY place
"""
