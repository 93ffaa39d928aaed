"""One run of `history verify`, which remembers how far it came, so that it can go on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from webapp import subjects
from webapp.cli.progress import progress_bar
from webapp.history import verify
from webapp.history.chains import Part
from webapp.history.entries import Subject
from webapp.history.proofs import proved
from webapp.history.proofs.proved import Run
from webapp.history.verify import Fault, Tally
from webapp.kernel import clock
from webapp.lookalikes import derived_keys

SECONDS_TO_A_NOTE = 10.0
# Of more faults than these the next run, which goes on, names only the first.
MAX_NOTED = 1_000


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
                if len(self._run.faults) < MAX_NOTED:
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
