"""Commands about the blacklist: the same actions as on the pages,
in the name of a member of staff who answers for them.
"""

from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from webapp.blacklist import opening as cases
from webapp.blacklist.case import find_open
from webapp.blacklist.models import REASONS_OFFERED, Decision
from webapp.blacklist.reviewing import review, review_undo
from webapp.cli.acting import acting_as, refusals
from webapp.cli.progress import progress_bar
from webapp.customers import finding
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict
from webapp.lookalikes import distinct, pairs
from webapp.staff.permissions import Permission

blacklist = AppGroup(
    "blacklist", help="Decide about cases in the name of somebody who answers for it."
)


def of_customer(command: Callable[..., Any]) -> Callable[..., Any]:
    """The parameters of every command about one customer: who it is about, and who answers."""
    by = click.option(
        "--by", required=True, help="E-mail of the member of staff who answers for it."
    )
    return click.argument("handle", metavar="ID_OR_REFERENCE")(by(command))


def note(**more: Any) -> Callable[..., Any]:
    return click.option(
        "--note", help="What the next person should know.", **({"default": ""} | more)
    )


class BlacklistedAlready(Conflict):
    code = "blacklisted"
    sentence = "{by_name} blacklisted this customer already"


@blacklist.command("open")
@of_customer
@click.option("--reason", required=True, type=click.Choice(list(REASONS_OFFERED)))
@note()
@click.option(
    "--evidence",
    multiple=True,
    help="A link that begins with https://; may be given several times.",
)
@click.option("--until", default="", help="When it ends, such as 2030-12-31 18:00 (UTC).")
def open_case(
    handle: str, by: str, reason: str, note: str, evidence: tuple[str, ...], until: str
) -> None:
    """Blacklist a customer."""
    with refusals():
        actor, customer = acting_as(by, Permission.BLACKLIST), finding.get_by_handle(handle)
        links = "\n".join(evidence)
        opening = cases.open_case(
            customer.id, reason=reason, note=note, evidence=links, until=until, by=actor
        )
        if not opening.is_new:
            raise BlacklistedAlready(by_name=opening.case.opened_by_name)


@blacklist.command("undo")
@of_customer
def undo(handle: str, by: str) -> None:
    """Take back a blacklisting that one opened oneself, within ten minutes."""
    with refusals():
        actor, customer = acting_as(by, Permission.BLACKLIST), finding.get_by_handle(handle)
        cases.undo(customer.id, case_seq=_open_seq(customer), by=actor)


@blacklist.command("ask-for-lift")
@of_customer
@note(required=True)
def ask_for_lift(handle: str, by: str, note: str) -> None:
    """Ask the managers to lift a blacklisting."""
    with refusals():
        actor, customer = acting_as(by, Permission.BLACKLIST), finding.get_by_handle(handle)
        cases.ask_for_lift(customer.id, case_seq=_open_seq(customer), note=note, by=actor)


@blacklist.command("uphold")
@of_customer
@note()
@click.option(
    "--look-again-after", default=90, show_default=True, help="Days until it is due again."
)
def uphold(handle: str, by: str, note: str, look_again_after: int) -> None:
    """Decide that a blacklisting stands."""
    _decide(handle, by, Decision.UPHELD, note=note, look_again_after=look_again_after)


@blacklist.command("overturn")
@of_customer
@note(required=True)
def overturn(handle: str, by: str, note: str) -> None:
    """Decide that a blacklisting was wrong."""
    _decide(handle, by, Decision.OVERTURNED, note=note)


def _decide(handle: str, by: str, decision: Decision, **more: Any) -> None:
    with refusals():
        actor, customer = acting_as(by, Permission.REVIEW), finding.get_by_handle(handle)
        review.decide(review.latest_case(customer.seq) or 0, decision, by=actor, **more)


@blacklist.command("undo-review")
@of_customer
def undo_review(handle: str, by: str) -> None:
    """Take back a review of one's own, within ten minutes."""
    with refusals():
        actor, customer = acting_as(by, Permission.REVIEW), finding.get_by_handle(handle)
        review_undo.undo_review(review_undo.last_review(customer).seq, by=actor)


@blacklist.command("lift")
@of_customer
@note(required=True)
def lift(handle: str, by: str, note: str) -> None:
    """Close a blacklisting that was right at the time."""
    with refusals():
        actor, customer = acting_as(by, Permission.REVIEW), finding.get_by_handle(handle)
        review.lift(customer.id, case_seq=_open_seq(customer), note=note, by=actor)


@blacklist.command("mark-distinct")
@of_customer
@click.argument("other", metavar="OTHER_ID_OR_REFERENCE")
@note()
def mark_distinct(handle: str, other: str, by: str, note: str) -> None:
    """Mark two customers as different people. Where one is blacklisted, a manager must agree, and a
    note is needed.
    """
    with refusals():
        actor, customer = acting_as(by, Permission.BLACKLIST), finding.get_by_handle(handle)
        other_id = finding.get_by_handle(other).id
        distinct.mark_distinct(customer.id, other_id, note=note, by=actor)


@blacklist.command("compare-again")
@of_customer
@click.argument("other", metavar="OTHER_ID_OR_REFERENCE")
@note()
def compare_again(handle: str, other: str, by: str, note: str) -> None:
    """Take the mark of different people off two customers."""
    with refusals():
        actor, customer = acting_as(by, Permission.BLACKLIST), finding.get_by_handle(handle)
        other_id = finding.get_by_handle(other).id
        distinct.compare_again(customer.id, other_id, note=note, by=actor)


def _open_seq(customer: Customer) -> int | None:
    case = find_open(customer)
    return case.seq if case else None


@blacklist.command("find-lookalikes")
def find_lookalikes() -> None:
    """Look for the look-alikes of everybody who is blacklisted;
    needed once in a book older than version 0004.
    """
    note_lookalikes()


def note_lookalikes() -> None:
    total = db.session.scalar(select(func.count()).where(Customer.blacklisted)) or 0
    with progress_bar("Blacklisted customers", total) as more:
        pairs.note_all(progress=more)
