"""Saved views: filters of the list under a name, for oneself or for everybody."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, or_, select

from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import advisory_lock
from webapp.kernel.fields import read_text
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import InvalidDetails, NotFound
from webapp.kernel.submission import Submission
from webapp.search.filters import CustomerFilter
from webapp.search.models import SavedView

MAX_NAME_LENGTH = 60
MAX_VIEWS = 30
# Namespace of this module in `pg_advisory_xact_lock(int, int)`.
LOCK_NAMESPACE = 8


class NoSuchView(NotFound):
    code = "view_not_found"
    sentence = "There is no such saved view, or it belongs to somebody else"


def views_of(staff_id: int) -> Sequence[SavedView]:
    """Rows, not entities, of a member's own and of shared views: the own first, then by name."""
    return _VIEWS.all(db.session.connection(), staff_id=staff_id)


_view = cast(Table, SavedView.__table__).c
_is_own = _view.owner_id == bindparam("staff_id")
_VIEWS = Prepared(
    select(_view.seq, _view.owner_id, _view.name, _view.is_shared, _view.filters)
    .where(or_(_is_own, _view.is_shared))
    .order_by(_is_own.desc(), func.lower(_view.name), _view.seq)
)


def save_view(
    name: str, filters: Mapping[str, str], *, is_shared: bool, owner_id: int
) -> SavedView:
    """Keep filters under a name; one's own view of the same name is replaced.

    Args:
        filters: As in the address of the list.

    Raises:
        Invalid: `invalid_details`, with problems on `name`; `invalid_query`, unknown filters.
    """
    name = _read_name(name)
    CustomerFilter.read(filters)
    with writing():
        advisory_lock(LOCK_NAMESPACE, [owner_id])
        view = _own_view(owner_id, name)
        if view is None:
            _refuse_too_many(owner_id)
            view = SavedView(owner_id=owner_id, name=name)
            db.session.add(view)
        view.filters, view.is_shared, view.saved_at = dict(filters), is_shared, clock.now()
        return view


def _read_name(raw: Any) -> str:
    submission = Submission()
    submission.read("name", read_text, raw)
    name = str(submission.values.get("name", ""))
    if not submission.problems and not 1 <= len(name) <= MAX_NAME_LENGTH:
        submission.note("name", f"Give the view a name of 1 to {MAX_NAME_LENGTH} letters")
    submission.refuse_if_wrong()
    return name


def _own_view(owner_id: int, name: str) -> SavedView | None:
    own = (SavedView.owner_id == owner_id) & (SavedView.name == name)
    return db.session.scalar(select(SavedView).where(own))


def _refuse_too_many(owner_id: int) -> None:
    own = select(func.count()).select_from(SavedView).where(SavedView.owner_id == owner_id)
    if (db.session.scalar(own) or 0) >= MAX_VIEWS:
        raise InvalidDetails.on("name", f"You have {MAX_VIEWS} views; delete one first")


def delete_view(view_seq: int, *, by_id: int, any_shared: bool = False) -> str:
    """Delete one's own view; returns its name.

    Args:
        any_shared: Shared views of others may be deleted too.

    Raises:
        NotFound: `view_not_found`.
    """
    with writing():
        view = db.session.get(SavedView, view_seq)
        if view is None or not (view.owner_id == by_id or (any_shared and view.is_shared)):
            raise NoSuchView
        db.session.delete(view)
        return view.name
