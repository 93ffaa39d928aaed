"""What the history says of pairs that were marked as different people.

The converse is not proved: a pair is compared again, without an entry, when details change so that
there are new signals.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, union_all

from webapp.history.found import Found
from webapp.history.rows import FOUND, RowsOf, Telling
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.lookalikes.models import MARK, LookalikePair

_pair = LookalikePair.__table__.c
_mark = tuple(_pair[name] for name in MARK if name != "waits_from")
_marked = union_all(
    *(
        select(one.label("seq"), other.label("other"), *_mark).where(
            _pair.told_apart_at.is_not(None)
        )
        for one, other in ((_pair.one_seq, _pair.other_seq), (_pair.other_seq, _pair.one_seq))
    )
).subquery()


def _marks(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    """The last mark of each pair; entries of before the log say only a reference."""
    marks: dict[int, Mapping[str, Any]] = {}
    for entry in entries:
        other = entry.value("other")
        if entry.kind == "told_apart" and other:
            marks[other] = _mark_in(entry)
        elif entry.kind == "apart_agreed" and other in marks:
            marks[other] = {**marks[other], **_agreement_in(entry)}
        elif entry.kind == "compared_again":
            marks.pop(other, None)
        elif entry.kind == FOUND:
            for mark in entry.value("marks", []):
                times = {name: clock.from_iso(mark[name]) for name in TIMES if mark.get(name)}
                marks.setdefault(mark["other"], {**UNAGREED, **mark, **times})
    return [marks[other] for other in sorted(marks)]


TIMES = ("told_apart_at", "agreed_at")
UNAGREED: dict[str, Any] = dict.fromkeys(("agreed_at", "agreed_by_id", "agreed_by_name"))


def _mark_in(entry: Telling) -> dict[str, Any]:
    """What a mark says; entries of before notes were asked for say neither why nor who answers."""
    mark = {
        "other": entry.value("other"),
        "told_apart_at": clock.from_iso(entry.value("marked_at")),
        "told_apart_by_id": entry.actor_id,
        "told_apart_by_name": entry.actor_name,
    }
    if "accountable_id" in (entry.new or {}):
        mark["accountable_id"] = entry.value("accountable_id")
        mark["told_apart_note"] = entry.value("note", "")
    return mark | UNAGREED


def _agreement_in(entry: Telling) -> dict[str, Any]:
    return {
        "agreed_at": clock.from_iso(entry.value("agreed_at")),
        "agreed_by_id": entry.actor_id,
        "agreed_by_name": entry.actor_name,
    }


def look(seqs: Sequence[int]) -> Found:
    """What entries of before the log do not say of such pairs."""
    looks: dict[int, dict[str, Any]] = {}
    rows = db.session.execute(select(_marked).where(_marked.c.seq.in_(seqs)).order_by("other"))
    for row in rows:
        mark = dict(row._mapping)
        mark |= {name: clock.in_iso(mark[name]) for name in TIMES if mark[name]}
        seq = mark.pop("seq")
        looks.setdefault(seq, {"marks": []})["marks"].append(mark)
    return looks


ROWS = (
    RowsOf(
        "different people",
        LookalikePair.__table__,
        None,
        select(_marked).order_by(_marked.c.seq, _marked.c.other),
        _marks,
        is_whole=False,
    ),
)
