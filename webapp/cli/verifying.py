"""One run of `history verify`, which remembers how far it came, so that it can go on, and what it
named, so that people can explain it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from webapp import subjects
from webapp.cli.progress import progress_bar
from webapp.history import verify
from webapp.history.chains import Part
from webapp.history.entries import Subject
from webapp.history.of_book import BOOK
from webapp.history.proofs import explained, proved
from webapp.history.proofs.proved import Run
from webapp.history.verify import Fault, Tally
from webapp.kernel import clock
from webapp.lookalikes import derived_keys

SECONDS_TO_A_NOTE = 10.0


class Check:
    """A check of all subjects, or of those with new entries."""

    def __init__(self, *, since: int | None, run: Run | None) -> None:
        """
        Args:
            since: Only subjects with entries from this event of the log on.
            run: The run that goes on.
        """
        self.part = Part(after=run.after if run else None, since=since)
        self.tally = Tally(run.entries, run.subjects) if run else Tally()
        size, root = (run.size, run.root) if run else proved.present_root()
        begun_at = run.begun_at if run else clock.now()
        self._run = run or Run(begun_at, size, root, Subject("", 0), 0, 0)
        self._noted = monotonic()

    def sentences(self, say: Callable[[Fault], str]) -> Iterator[str]:
        """What is not as it was written, with a progress bar where somebody looks on."""
        yield from self._run.faults
        length = derived_keys.number_of_customers()
        with progress_bar("Subjects", length, aside=True) as more:

            def go_on(subject: Subject) -> None:
                more(1)
                self._note(subject)

            everybody = subjects.everybody()
            for fault in verify.faults(
                everybody, self.tally, subjects.ROWS, part=self.part, progress=go_on
            ):
                sentence = say(fault)
                if len(self._run.faults) < proved.MAX_NOTED:
                    self._run = replace(self._run, faults=(*self._run.faults, sentence))
                yield sentence

    def _note(self, subject: Subject) -> None:
        """Now and then, so that a run that is broken off goes on from here."""
        self._run = replace(self._run, after=subject)
        if self.part.since is None and monotonic() - self._noted > SECONDS_TO_A_NOTE:
            tally = self.tally
            proved.note_run(replace(self._run, entries=tally.entries, subjects=tally.subjects))
            self._noted = monotonic()

    def note_proof(self) -> None:
        proved.note_proof(self._run.size, self._run.root, is_whole=self.part.since is None)


class Outcome:
    """What a check named, told apart by whether two people have explained it.

    Attributes:
        number: How many sentences nobody has explained.
        explained: How many two people have.
    """

    def __init__(self) -> None:
        # Whoever altered the chain of the book could explain away everything, that alteration too.
        is_sound = not any(verify.faults_about(BOOK.kind, subjects.everybody()))
        self._known = explained.explanations() if is_sound else {}
        self._named = list[str]()
        self.number = self.explained = 0

    def line(self, sentence: str) -> str:
        """Count a sentence; returns it with its explanation."""
        if len(self._named) < proved.MAX_NOTED:
            self._named.append(sentence)
        why = self._known.get(sentence)
        if why is None or why.agreed_by is None:
            self.number += 1
            return sentence
        self.explained += 1
        note = " ".join(why.note.split())
        return f"{sentence} Explained by {why.by_name} and {why.agreed_by}: {note}"

    def note(self, *, is_whole: bool) -> None:
        proved.note_faults(self._named, is_whole=is_whole)
