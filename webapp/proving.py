"""Runs of `history verify`: what each names, what two managers have explained, and how far it came,
so that it can go on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from time import monotonic

from sqlalchemy import select

from webapp import subjects
from webapp.customers.models import Customer, Tombstone
from webapp.history import log, verify
from webapp.history.chains import Part
from webapp.history.entries import Subject
from webapp.history.proofs import anchors, explained, proved
from webapp.history.proofs.explained import Explanation
from webapp.history.proofs.proved import Proof, Run
from webapp.history.proofs.roots import Root
from webapp.history.verify import LOG, Fault, Tally
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.dialects import snapshot

SECONDS_TO_A_NOTE = 10.0


class Check:
    """One check of all subjects, or of those with new entries.

    Attributes:
        tally: How much it has checked.
        number: How many faults it has named that nobody has explained.
        explained: How many it has named that two managers have.
    """

    def __init__(self, *, only_new: bool = False, anew: bool = False) -> None:
        """
        Args:
            only_new: Only what came since the last proof.
            anew: From the beginning, even if a run was broken off.
        """
        log.catch_up()
        snapshot()
        self.proof = proved.find_proof()
        self.run = None if only_new or anew else proved.find_run()
        since = self.proof.size if only_new and self.proof else None
        self._part = Part(after=self.run.after if self.run else None, since=since)
        self._is_whole = not only_new
        self.tally = Tally(self.run.entries, self.run.subjects) if self.run else Tally()
        size, root = (self.run.size, self.run.root) if self.run else proved.present_root()
        begun_at = self.run.begun_at if self.run else clock.now()
        self._far = self.run or Run(begun_at, size, root, Subject("", 0), 0, 0)
        self._noted = monotonic()
        self.number = self.explained = 0

    def lines(
        self, known: Sequence[Root] = (), *, progress: Callable[[], None] = lambda: None
    ) -> Iterator[str]:
        """What is not as it was written, in sentences; in the end it is remembered, as is a proof.

        Args:
            known: Roots that were kept outside the book.
            progress: Called after each subject.
        """
        explanations = explained.explanations()
        named = dict[str, bool]()
        self.number += self._far.more
        inside = chain(self._in_histories(progress), _against_proof(self.proof))
        outside = anchors.differences(known)
        sentences = chain(((one, False) for one in inside), ((one, True) for one in outside))
        for sentence, is_outside in sentences:
            if len(named) < proved.MAX_NOTED:
                named[sentence] = is_outside
            yield self._with_its_explanation(sentence, explanations.get(sentence))
        db.session.rollback()
        self._remember(named, against_roots=bool(known))

    def _remember(self, named: Mapping[str, bool], *, against_roots: bool) -> None:
        proved.note_faults(
            named,
            is_whole=self._is_whole,
            against_roots=against_roots,
            began_at=self._far.begun_at,
        )
        if not self.number:
            proved.note_proof(self._far.size, self._far.root, is_whole=self._is_whole)
        elif self._is_whole and proved.find_run():
            proved.forget_run()

    def _in_histories(self, progress: Callable[[], None]) -> Iterator[str]:
        yield from self._far.faults

        def go_on(subject: Subject) -> None:
            progress()
            self._note(subject)

        everybody = subjects.everybody()
        for fault in verify.faults(
            everybody, self.tally, subjects.ROWS, part=self._part, progress=go_on
        ):
            sentence = _sentence(fault)
            if len(self._far.faults) < proved.MAX_NOTED:
                self._far = replace(self._far, faults=(*self._far.faults, sentence))
            else:
                self._far = replace(self._far, more=self._far.more + 1)
            yield sentence

    def _note(self, subject: Subject) -> None:
        """Now and then, so that a run that is broken off goes on from here."""
        self._far = replace(self._far, after=subject)
        if self._is_whole and monotonic() - self._noted > SECONDS_TO_A_NOTE:
            tally = self.tally
            proved.note_run(replace(self._far, entries=tally.entries, subjects=tally.subjects))
            self._noted = monotonic()

    def _with_its_explanation(self, sentence: str, why: Explanation | None) -> str:
        if why is None or why.agreed_by is None:
            self.number += 1
            return sentence
        self.explained += 1
        note = " ".join(why.note.split())
        return f"{sentence} Explained by {why.by_name} and {why.agreed_by}: {note}"


def _against_proof(proof: Proof | None) -> Iterator[str]:
    if proof and not proved.is_continued(proof):
        at = clock.in_iso(proof.at)
        yield f"The log does not go on from what was proved on {at}: {proof.size:,} entries."


def _sentence(fault: Fault) -> str:
    if fault.subject == LOG:
        return f"Event {fault.number} of the log {fault.what}."
    name = public_name(fault.subject)
    content = f" (content {fault.content})" if fault.content else ""
    if not fault.number:
        return f"{fault.subject.kind.capitalize()} {name} {fault.what}{content}."
    return f"Entry {fault.number} of {fault.subject.kind} {name} {fault.what}{content}."


def public_name(subject: Subject) -> str:
    """The number that people know a subject by; for a customer, the id in addresses."""
    if subject.kind != "customer":
        return str(subject.seq)
    known = select(Customer.id).where(Customer.seq == subject.seq)
    gone = select(Tombstone.customer_id).where(Tombstone.customer_seq == subject.seq)
    return str(db.session.scalar(known) or db.session.scalar(gone) or subject.seq)
