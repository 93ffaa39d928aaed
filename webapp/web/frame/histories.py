"""Histories on pages: the newest entries, or older ones that the address asks for."""

from typing import Any

from flask import request

from webapp.history.entries import Subject, entries_of
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid

ENTRIES_SHOWN = 20


def asked_before() -> int | None:
    """The number before which entries are asked for, if any.

    Raises:
        Invalid: `invalid_query`, when the address names none that an entry can come before.
    """
    if "before" not in request.args:
        return None
    before = parse_int(request.args["before"], least=2)
    if before is None:
        sentence = "This address has a part that means nothing"
        raise Invalid("invalid_query", sentence, {"before": ["It must be a number from 2 on"]})
    return before


def asked_history(subject: Subject) -> dict[str, Any]:
    """What `components/_history.html` needs: `entries`, and `before`, the number that they come
    before, if any.

    Raises:
        Invalid: `invalid_query`, when the address names no number.
    """
    before = asked_before()
    return {"entries": entries_of(subject, before=before, limit=ENTRIES_SHOWN), "before": before}
