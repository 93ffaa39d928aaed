"""The evidence of a case: every entry about it, with its seal, its place in the log, and the proof
that it stands there; for whoever must answer for it, and for whoever does not trust us.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webapp.blacklist.by_history import DEEDS
from webapp.blacklist.case import customer_of
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.moves import entries_while_held, moves_of
from webapp.history import log
from webapp.history.entries import HistoryEntry, Subject
from webapp.history.proofs import inclusion, roots
from webapp.history.proofs.inclusion import NoSuchEntry
from webapp.history.proofs.roots import Root
from webapp.kernel.crypto import NoRootKey
from webapp.kernel.database import db


@dataclass(frozen=True)
class Witness:
    """An entry about a case.

    Attributes:
        event: Its number in the log; `None` while it is not there yet.
        proof: As `inclusion.prove` makes it; `None` without a root.
    """

    entry: HistoryEntry
    event: int | None
    proof: dict[str, Any] | None


@dataclass(frozen=True)
class Evidence:
    """Everything that the history has of a case.

    Attributes:
        witnesses: Oldest first.
        root: Signed just now; `None` where no key for roots is set.
    """

    case: Blacklisting
    customer_id: UUID
    witnesses: Sequence[Witness]
    root: Root | None

    @property
    def document(self) -> dict[str, Any]:
        """For `docs/verify_entry.py`."""
        proofs = [one.proof for one in self.witnesses if one.proof]
        return {
            "customer": str(self.customer_id),
            "root": self.root.fields if self.root else None,
            "proofs": proofs,
        }


def evidence_of(case_seq: int) -> Evidence:
    """Gather it.

    Raises:
        NotFound: `case_not_found`.
    """
    customer_id = customer_of(case_seq)
    case = db.session.get_one(Blacklisting, case_seq)
    log.catch_up()
    root = None
    with suppress(NoRootKey):
        root = roots.sign_present_root()
    entries = list(_about(case))
    return Evidence(case, customer_id, [_witness(one, root) for one in entries], root)


def _about(case: Blacklisting) -> Iterator[HistoryEntry]:
    """The entries about a case: from the one that opened it to the one before the next is opened,
    those that moved it to another customer or back, and later ones that name it.
    """
    is_its_own = False
    for entry in entries_while_held(case, moves_of([case.seq])[case.seq])[::-1]:
        if entry.kind == "blacklisted":
            is_its_own = entry.at == case.opened_at
        elif case.seq in (entry.new("moved") or ()):
            is_its_own = True
            yield entry
            continue
        elif entry.kind not in DEEDS:
            continue
        named = entry.new("case")
        if named == case.seq or (is_its_own and named is None):
            yield entry


def _witness(entry: HistoryEntry, root: Root | None) -> Witness:
    subject = Subject(entry.subject, entry.subject_seq)
    proof = None
    if root:
        with suppress(NoSuchEntry):
            proof = inclusion.prove(subject, entry.number, root)
    event = proof["event"] if proof else inclusion.find_event(subject, entry.number)
    return Witness(entry, event, proof)
