"""Commands that fill an empty book with people and staff who do not exist."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.cli.acting import refusals
from webapp.cli.blacklist import note_lookalikes
from webapp.cli.book import write_down_what_is_found
from webapp.cli.progress import progress_bar
from webapp.transfer.samples import day, load


@click.command("sample-data")
@click.option(
    "--customers", default=10_000, show_default=True, type=click.IntRange(1), help="How many."
)
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the book has customers.")
@with_appcontext
def sample_data(customers: int, seed: int, if_empty: bool) -> None:
    """Fill an empty book with people who do not exist.

    What was broken off goes on with the same words, but for the look-alikes at the end: `blacklist
    find-lookalikes`.
    """
    if if_empty and not load.book_is_empty() and not load.is_unfinished():
        return
    with refusals():
        if load.book_is_empty():
            load.refuse_a_book_of_somebody()
        with progress_bar("Sample customers", customers) as more:
            load.add_people(customers, seed, load.end_of_stories(), progress=more)
        click.echo("Indexes, search and counts")
        load.finish()
        note_lookalikes()
        write_down_what_is_found()


@click.command("sample-staff")
@with_appcontext
def sample_staff() -> None:
    """Make sample members of each role, with a few days of work behind them, and print how they
    sign in. Never for a real book.
    """
    with refusals():
        for line in load.sample_staff(Path(current_app.instance_path) / "sample-staff"):
            click.echo(line)
        day.live_it()
