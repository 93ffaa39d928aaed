"""The command that checks what is derived from the customers."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from webapp.customers.derived import upkeep
from webapp.customers.models import Customer
from webapp.database import db, writing
from webapp.sample_data import load

MOST_SHOWN = 20
book = AppGroup("book", help="Whether lists and searches find what is in the book.")


@book.command("check")
@click.option("--repair", is_flag=True, help="Derive everything anew when something is wrong.")
def check_book(repair: bool) -> None:
    """Hold the search index, the counts and times of waiting against the customers; exit status 1 if they differ.

    What somebody writes meanwhile waits for the search index to be checked, and for a repair, or gets 503 and
    should be sent again. Indexes that a bulk load has left out are made first.
    """
    load.finish()
    faults = list(upkeep.faults())
    for fault in faults[:MOST_SHOWN]:
        click.echo(fault)
    if faults and repair:
        with writing():
            upkeep.rebuild()
    if faults and not repair:
        raise click.ClickException(f"{len(faults):,} faults. `flask --app wsgi book check --repair` mends them.")
    customers = db.session.scalar(select(func.count()).select_from(Customer)) or 0
    state = "was derived anew" if faults else "is as it should be"
    click.echo(f"What is derived from {customers:,} customers {state}.")
