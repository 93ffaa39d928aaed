"""Signed roots of the log: what somebody outside keeps, to see later that the book continues what
it was.

A root is one line of JSON. It is signed with Ed25519 (RFC 8032) by a key that is not in the
database and not that of the history.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from webapp.history import log
from webapp.history.proofs import merkle
from webapp.kernel import clock, crypto
from webapp.kernel.database import canonical_json, db, writing

# So much of each new leaf's hash stands beside a root: it proves nothing, but says which differs.
MARK_BYTES = 8
MOST_MARKS = 100_000


@dataclass(frozen=True)
class Root:
    """A root of the log at some size.

    Attributes:
        first: The event with which `marks` begin; those after the root before this one.
        marks: The first bytes of each leaf's hash from there on.
        key: The public key, and `signature` of all else.
    """

    size: int
    hash: bytes
    at: datetime
    first: int
    marks: bytes
    key: bytes = b""
    signature: bytes = b""

    @property
    def line(self) -> str:
        return canonical_json(self.fields)

    @property
    def fields(self) -> dict[str, object]:
        """All of it, in JSON types."""
        return self._said | {"key": self.key.hex(), "signature": self.signature.hex()}

    @property
    def content(self) -> bytes:
        """What is signed."""
        return canonical_json(self._said).encode()

    @property
    def _said(self) -> dict[str, object]:
        return {
            "size": self.size,
            "root": self.hash.hex(),
            "at": clock.in_iso(self.at),
            "first": self.first,
            "marks": base64.b64encode(self.marks).decode(),
        }

    @property
    def is_genuine(self) -> bool:
        """Whether its signature is that of its key."""
        return crypto.is_signed(self.content, self.signature, self.key)


def read_root(line: str) -> Root:
    """Read the line of a root.

    Raises:
        ValueError: it is none.
    """
    try:
        fields = json.loads(line)
        return Root(
            size=int(fields["size"]),
            hash=bytes.fromhex(fields["root"]),
            at=datetime.fromisoformat(fields["at"]),
            first=int(fields["first"]),
            marks=base64.b64decode(fields["marks"], validate=True),
            key=bytes.fromhex(fields["key"]),
            signature=bytes.fromhex(fields["signature"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise ValueError("this is not a root") from wrong


def sign_root(*, after: int = 0) -> Root:
    """Sign the root of all that was committed until now.

    Args:
        after: The size of the root before this one, from which on events are marked.
    """
    with writing():
        log.add_pending(db.session.connection(), wait=True)
    return _signed(after)


def sign_present_root() -> Root:
    """The same for whoever only reads: what is just being written may be missing, and no event is
    marked.
    """
    log.catch_up()
    return _signed(log.size_of(db.session.connection()))


def _signed(after: int) -> Root:
    connection = db.session.connection()
    size, node = log.size_of(connection), log.nodes_of(connection)
    first = min(size, max(after, size - MOST_MARKS))
    unsigned = Root(
        size=size,
        hash=merkle.root(node, size),
        at=clock.now(),
        first=first,
        marks=b"".join(one[:MARK_BYTES] for one in log.hashes_between(connection, first, size)),
        key=crypto.public_key(),
    )
    return replace(unsigned, signature=crypto.sign(unsigned.content))


def continuation(earlier: int, root: Root) -> list[bytes]:
    """The hashes that show that a root continues the one of an earlier size."""
    return merkle.consistency_proof(log.nodes_of(db.session.connection()), earlier, root.size)


def differences(known: Sequence[Root], key: bytes | None) -> Iterator[str]:
    """Why the present log does not continue some roots, a sentence for each that it does not.

    Args:
        key: The public key that must have signed them; `None` accepts any.
    """
    connection = db.session.connection()
    size, node = log.size_of(connection), log.nodes_of(connection)
    for one in sorted(known, key=lambda root: root.size):
        name = f"The root of {clock.in_iso(one.at)} over {one.size:,} entries"
        if not one.is_genuine or key not in (None, one.key):
            yield f"{name} is not signed by the key of this book."
        elif one.size > size:
            where = _first_difference(connection, one, size)
            yield f"{name} is newer: this book has only {size:,}, and {where}."
        elif merkle.root(node, one.size) != one.hash:
            yield f"{name} is that of another book: {_first_difference(connection, one, size)}."


def _first_difference(connection: Connection, root: Root, size: int) -> str:
    if size < root.first:
        return f"the first entry that is missing is event {size}, or one before it differs"
    for place, one in enumerate(log.hashes_between(connection, root.first, min(root.size, size))):
        if one[:MARK_BYTES] != root.marks[place * MARK_BYTES : (place + 1) * MARK_BYTES]:
            return f"the first entry that differs is event {root.first + place}"
    if size < root.size:
        return f"the first entry that is missing is event {size}"
    return f"an entry before event {root.first} differs"
