"""Commands about entries of the blacklist, in the name of a member of staff who answers for them.

Nobody is their own second person at the command line: managers keep and remove entries on pages.
"""

from typing import Any

import click
from flask.cli import AppGroup

from webapp.blacklist.entries import listing, opening
from webapp.blacklist.entries.models import Level
from webapp.blacklist.entries.values import ValueKind, shown_value
from webapp.blacklist.models import REASONS_OFFERED
from webapp.cli.acting import acting_as, refusals
from webapp.kernel import clock
from webapp.staff.permissions import Permission

SHOWN = 100
NUMBER = click.IntRange(1, 2**63 - 1)
entries = AppGroup("entries", help="Deny, hold back or allow values, whoever has them.")
BY = click.option("--by", required=True, help="E-mail of the member of staff who answers for it.")


@entries.command("add")
@BY
@click.option("--kind", required=True, type=click.Choice([*map(str, ValueKind)]))
@click.option("--value", default="", help="An e-mail, a domain, a phone, or how phones begin.")
@click.option("--first-name", default="", help="Of a name.")
@click.option("--last-name", default="", help="Of a name.")
@click.option("--birthday", default="", help="Of a name, such as 1985-12-31.")
@click.option("--level", required=True, type=click.Choice([*map(str, Level)]))
@click.option("--reason", type=click.Choice(list(REASONS_OFFERED)), help="Not with allow.")
@click.option("--note", default="", help="Needed for other, and for allow.")
@click.option("--until", default="", help="When it ends, such as 2030-12-31 18:00 (UTC).")
def add(by: str, **raw: Any) -> None:
    """Add an entry; what allows counts once a manager agreed on its page."""
    with refusals():
        opened = opening.add_entry(raw, by=acting_as(by, Permission.BLACKLIST))
    click.echo(f"Entry {opened.entry.seq}{'' if opened.is_new else ' stands already'}")


@entries.command("list")
@click.option("--before", type=NUMBER, help="Only entries with a lower number.")
def list_entries(before: int | None) -> None:
    """Print the entries that stand, the newest first, at most a hundred."""
    for one in listing.entries(limit=SHOWN, before=before):
        state = one.state(clock.now())
        click.echo(f"{one.seq}\t{one.level}\t{shown_value(one.value, one.kind)}\t{state}")


@entries.command("undo")
@click.argument("number", type=NUMBER)
@BY
def undo(number: int, by: str) -> None:
    """Take back an entry that one added oneself, within ten minutes."""
    with refusals():
        opening.undo(number, by=acting_as(by, Permission.BLACKLIST))


@entries.command("ask-to-remove")
@click.argument("number", type=NUMBER)
@BY
@click.option("--note", required=True, help="Why it should be removed.")
def ask_to_remove(number: int, by: str, note: str) -> None:
    """Ask the managers to remove an entry."""
    with refusals():
        opening.ask_for_removal(number, note=note, by=acting_as(by, Permission.BLACKLIST))
