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
from webapp.lookalikes.pairs import LookalikePair

_pair = LookalikePair.__table__.c
_mark = (_pair.told_apart_at, _pair.told_apart_by_id, _pair.told_apart_by_name)
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
        if entry.kind == "told_apart" and entry.value("other"):
            marks[entry.value("other")] = {
                "other": entry.value("other"),
                "told_apart_at": clock.from_iso(entry.value("marked_at")),
                "told_apart_by_id": entry.actor_id,
                "told_apart_by_name": entry.actor_name,
            }
        elif entry.kind == FOUND:
            for mark in entry.value("marks", []):
                at = clock.from_iso(mark["told_apart_at"])
                marks.setdefault(mark["other"], mark | {"told_apart_at": at})
    return [marks[other] for other in sorted(marks)]


def look(seqs: Sequence[int]) -> Found:
    """What entries of before the log do not say of such pairs."""
    looks: dict[int, dict[str, Any]] = {}
    rows = db.session.execute(select(_marked).where(_marked.c.seq.in_(seqs)).order_by("other"))
    for row in rows:
        mark = dict(row._mapping) | {"told_apart_at": clock.in_iso(row.told_apart_at)}
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
