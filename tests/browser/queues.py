"""The review queue of a site: filling it and reading it."""

from sqlalchemy import select, update

from tests.browser.visits import Site, Visit
from tests.support.cast import actor
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.history import changes
from webapp.kernel import clock
from webapp.kernel.database import db, writing


def fill_queue(site: Site, number: int, by: str = "Esi", **more: object) -> list[int]:
    """Leave exactly this many cases waiting; returns their numbers."""
    with site.book.app.app_context():
        empty_queue()
        return [open_one(site, one, by, more) for one in range(number)]


def empty_queue() -> None:
    far = clock.from_milliseconds(4_102_444_800_000)
    reviewed = {"reviewed_at": clock.now(), "reviewed_by_name": "Ama", "review_by": far}
    with writing():
        db.session.execute(
            update(Blacklisting).values(
                reviewed | {"lift_asked_at": None, "lift_asked_by_id": None}
            )
        )
        changes.rebuild()


def open_one(site: Site, number: int, by: str, more: dict[str, object]) -> int:
    email = f"q{clock.now().timestamp()}-{number}@example.com"
    customer = site.add(first_name=f"Number{number}", last_name="Waiting", email=email, phone=None)
    return opening.open_case(
        customer.id, reason="fraud", note=f"Note {number}", by=actor(by), **more
    ).case.seq


def states(site: Site, seqs: list[int]) -> list[str]:
    """The states of these cases, in order."""
    with site.book.app.app_context():
        cases = db.session.scalars(select(Blacklisting).where(Blacklisting.seq.in_(seqs))).all()
        return [case.state(clock.now()).value for case in sorted(cases, key=lambda case: case.seq)]


def title(visit: Visit) -> str:
    return visit.page.locator(".case:not([hidden]) h2").inner_text()
