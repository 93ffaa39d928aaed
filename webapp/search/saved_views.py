"""Saved views: filters of the list under a name, for oneself or for everybody."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import advisory_lock
from webapp.kernel.fields import read_text
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
    """A member's own views and those that are shared, by name."""
    theirs = or_(SavedView.owner_id == staff_id, SavedView.is_shared)
    by_name = select(SavedView).where(theirs).order_by(func.lower(SavedView.name), SavedView.seq)
    return db.session.scalars(by_name).all()


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
