"""Collects every problem of a submission, so that all are reported at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from webapp.kernel.fields import MAX_NOTE_LENGTH, read_lines, read_until
from webapp.kernel.refusals import Invalid, InvalidDetails


@dataclass
class Submission:
    """The fields that could be read, and the problems of those that could not."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)

    def read(self, name: str, reader: Callable[..., Any], *arguments: Any) -> None:
        """Read a field with its reader; a `ValueError` becomes a problem."""
        try:
            self.values[name] = reader(*arguments)
        except ValueError as problem:
            self.note(name, str(problem))

    def note(self, name: str, problem: str) -> None:
        self.problems.setdefault(name, []).append(problem)

    def refuse_if_wrong(self, kind: type[Invalid] = InvalidDetails) -> None:
        if self.problems:
            raise kind(self.problems)


def read_reasoned_end(until: Any, zone: tzinfo | None, note: Any) -> tuple[datetime | None, str]:
    """Read when something ends, as `read_until` does, and the required note that says why.

    Raises:
        Invalid: `invalid_details`, with problems on `until` and `note`.
    """
    submission = Submission()
    submission.read("until", read_until, until, zone)
    submission.read("note", partial(read_lines, most=MAX_NOTE_LENGTH), note)
    if submission.values.get("note") == "":
        submission.note("note", "Say why the end changes")
    submission.refuse_if_wrong()
    return submission.values["until"], submission.values["note"]


def read_note(note: Any, *, missing: str = "", field: str = "note") -> str:
    """Read a note that says why something is done.

    Args:
        field: Its name in the form.
        missing: The sentence to refuse an empty note with; without it, the note may be empty.

    Raises:
        Invalid: `invalid_details`, with the problem on the field.
    """
    try:
        text = read_lines(note, most=MAX_NOTE_LENGTH)
    except ValueError as problem:
        raise InvalidDetails.on(field, problem) from None
    if missing and not text:
        raise InvalidDetails.on(field, missing)
    return text
