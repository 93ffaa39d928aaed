"""How far the history was proved, and where a run that was broken off goes on; both are facts of
the book with a code of the history key, so that nobody without it can claim a proof.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp.history import log
from webapp.history.book import find_fact, forget_fact, set_fact
from webapp.history.entries import Subject
from webapp.history.proofs import merkle
from webapp.kernel import clock, crypto
from webapp.kernel.database import canonical_json, db, write_if_free, writing

PROVED, VERIFYING, FAULTS = "proved", "verifying", "faults"
# A run that was broken off longer ago begins anew.
MAY_GO_ON_FOR = timedelta(days=1)
# Of more faults than these the next run, which goes on, and the page name only the first.
MAX_NOTED = 1_000


@dataclass(frozen=True)
class Proof:
    """The last proof without a fault.

    Attributes:
        size: How many entries the log had; what came later is not proved yet.
        root: Of the log at that size.
        at: When.
        whole_at: When all subjects were last proved, not only those of new entries.
    """

    size: int
    root: bytes
    at: datetime
    whole_at: datetime


@dataclass(frozen=True)
class Run:
    """A whole proof that is not finished.

    Attributes:
        size: How many entries the log had when it began.
        after: The last subject that was checked.
        faults: What was found by then, in sentences.
        more: How many besides.
    """

    begun_at: datetime
    size: int
    root: bytes
    after: Subject
    entries: int
    subjects: int
    faults: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class NamedFault:
    """What a check named.

    Attributes:
        at: When it was first named.
        against: Whether it is about roots that were kept outside the book.
    """

    sentence: str
    at: datetime
    against: bool


def find_proof() -> Proof | None:
    """The last proof; `None` if there is none that this key made."""
    fields = _read(PROVED)
    if fields is None:
        return None
    return Proof(
        size=fields["size"],
        root=bytes.fromhex(fields["root"]),
        at=datetime.fromisoformat(fields["at"]),
        whole_at=datetime.fromisoformat(fields["whole_at"]),
    )


def is_continued(proof: Proof) -> bool:
    """Whether the log still begins as it was then."""
    return _root_at(proof.size) == proof.root


def note_proof(size: int, root: bytes, *, is_whole: bool) -> None:
    """Remember a proof, in a transaction of its own, and that no run is unfinished."""
    with writing():
        before, now = find_proof(), clock.now()
        whole_at = now if is_whole or before is None else before.whole_at
        fields = {"size": size, "root": root.hex(), "at": clock.in_iso(now)}
        set_fact(PROVED, _sealed(PROVED, fields | {"whole_at": clock.in_iso(whole_at)}))
        if is_whole:
            forget_fact(VERIFYING)


def present_root() -> tuple[int, bytes]:
    """Size and root of the log as this transaction sees it."""
    size = log.size_of(db.session.connection())
    return size, _root_at(size) or b""


def find_run() -> Run | None:
    """The run that was broken off within a day, if there is one."""
    fields = _read(VERIFYING)
    if fields is None:
        return None
    run = Run(
        begun_at=datetime.fromisoformat(fields["begun_at"]),
        size=fields["size"],
        root=bytes.fromhex(fields["root"]),
        after=Subject(*fields["after"]),
        entries=fields["entries"],
        subjects=fields["subjects"],
        faults=tuple(fields["faults"]),
        more=fields.get("more", 0),
    )
    return run if timedelta(0) <= clock.now() - run.begun_at < MAY_GO_ON_FOR else None


def note_run(run: Run) -> None:
    """Remember how far a run has come."""
    fields = asdict(run) | {"root": run.root.hex(), "begun_at": clock.in_iso(run.begun_at)}
    sealed = _sealed(VERIFYING, fields | {"after": [run.after.kind, run.after.seq]})
    write_if_free(lambda: set_fact(VERIFYING, sealed))


def forget_run() -> None:
    with writing():
        forget_fact(VERIFYING)


def find_faults() -> Sequence[NamedFault] | None:
    """What the last checks named; `None` if there was no check yet that this key made."""
    fields = _read(FAULTS)
    if fields is None:
        return None
    return [
        NamedFault(one["sentence"], datetime.fromisoformat(one["at"]), one["against"])
        for one in fields["faults"]
    ]


def note_faults(
    named: Mapping[str, bool], *, is_whole: bool, against_roots: bool, began_at: datetime
) -> None:
    """Remember what a check named, in a transaction of its own.

    Args:
        named: The sentences, and whether each is about roots that were kept outside.
        is_whole: It looked at everything, so what it did not name is put right; but not what others
            named since it began.
        against_roots: It looked at roots.
    """
    with writing():
        now, before = clock.now(), find_faults() or ()
        still = [
            one
            for one in before
            if not (against_roots if one.against else is_whole) or one.at > began_at
        ]
        known = {one.sentence: one.at for one in before}
        new = [NamedFault(one, known.get(one, now), named[one]) for one in named]
        every = {one.sentence: one for one in (*still, *new)}
        listed = [
            {"sentence": one.sentence, "at": clock.in_iso(one.at), "against": one.against}
            for one in list(every.values())[-MAX_NOTED:]
        ]
        set_fact(FAULTS, _sealed(FAULTS, {"faults": listed}))


def _root_at(size: int) -> bytes | None:
    connection = db.session.connection()
    if size > log.size_of(connection):
        return None
    try:
        return merkle.root(log.nodes_of(connection), size)
    except LookupError:
        return None


def _read(name: str) -> dict[str, Any] | None:
    text = find_fact(name)
    content, _, code = (text or "").rpartition(" ")
    return json.loads(content) if content and _code(name, content) == code else None


def _sealed(name: str, fields: dict[str, Any]) -> str:
    content = canonical_json(fields)
    return f"{content} {_code(name, content)}"


def _code(name: str, content: str) -> str:
    return crypto.mac(f"{name} {content}".encode()).hex()
