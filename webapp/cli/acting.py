"""Who acts on the command line, and how a refusal ends a command."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from webapp.blacklist.ending import end_what_is_due
from webapp.history.entries import Actor
from webapp.kernel.refusals import Refusal
from webapp.staff import members
from webapp.staff.permissions import Permission, Role, may

BY_OPERATOR = Actor(kind="system", id=None, name="operator", door="command")


def acting_as(email: str, permission: Permission) -> Actor:
    """The member in whose name an operator acts, if their role has the permission.

    Raises:
        NotFound: nobody has this e-mail address.
        ClickException: the role lacks it, or the member is no longer active.
    """
    member = members.get_member_by_email(email)
    if not member.active:
        raise click.ClickException(f"{member.name} does not work here any more.")
    if not may(Role(member.role), permission):
        raise click.ClickException(
            f"{member.name} may not {permission.value}: the role is {member.role}."
        )
    return Actor(kind="staff", id=member.id, name=member.name, door="command")


@contextmanager
def refusals() -> Iterator[None]:
    """A command that may be refused: a refusal becomes a sentence and exit status 1. What has come
    to its end is closed first, as before each request.
    """
    try:
        end_what_is_due()
        yield
    except Refusal as refusal:
        problems = "".join(
            f"\n  {name}: {' '.join(sentences)}" for name, sentences in refusal.fields.items()
        )
        raise click.ClickException(refusal.message + problems) from None
