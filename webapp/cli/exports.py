"""The command that says whose a file of customers is."""

from io import BufferedReader

import click
from flask.cli import AppGroup

from webapp.kernel import clock
from webapp.transfer import taken

exports = AppGroup("exports", help="Who took customers along.")


@exports.command("who")
@click.argument("file", type=click.File("rb"))
def say_who(file: BufferedReader) -> None:
    """Say who exported this very file, and when."""
    entry = taken.taker_of(file)
    if entry is None:
        raise click.ClickException("Nobody exported this file from this book, or it was changed.")
    number, words = entry.new("number"), entry.new("filter")
    click.echo(f"{entry.actor_name}, {clock.in_iso(entry.at)}: {number:,} customers ({words})")
