"""Commands about customers: importing a file, as on the page, in the name of a member of staff."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.batches import change_set, steering, uploads, working
from webapp.batches.imports import EXISTING, MATCH_BY
from webapp.batches.models import ChangeSet
from webapp.cli.acting import acting_as, refusals
from webapp.history.entries import Actor
from webapp.staff.permissions import Permission
from webapp.transfer.reading.headings import Field

MOST_SHOWN = 20
customers = AppGroup("customers", help="Customers, many at once.")


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="E-mail of the member of staff who answers for it.")
@click.option("--map", "columns", help="What each column is, such as email,,first_name.")
@click.option("--check", "only_check", is_flag=True, help="Say what would change, and stop.")
@click.option("--existing", type=click.Choice(list(EXISTING)), default="fill", show_default=True)
@click.option("--match", type=click.Choice(list(MATCH_BY)), default="any", show_default=True)
@click.option("--country", default="", help="The country of numbers without one, such as GH.")
@click.option("--reason", default="other", help="For those to blacklist whose row has none.")
def import_customers(
    file: Path, by: str, columns: str | None, only_check: bool, **more: str
) -> None:
    """Import customers from a CSV, XLSX or vCard file: check it, say what would come of each row,
    and apply it.
    """
    with refusals():
        actor = acting_as(by, Permission.IMPORT)
        one = _checked(file, actor, columns, home=more.pop("country"), **more)
        _say(one)
        if only_check or not one.number_to_apply:
            steering.abandon(one.seq)
            return
        change_set.apply(one.seq, above=0, by=actor)
        one = _worked_on(one.seq)
    _say(one)


def _checked(file: Path, by: Actor, columns: str | None, **more: str) -> ChangeSet:
    folder = current_app.config["FILES_FOLDER"]
    with file.open("rb") as content:
        name = uploads.keep(content, folder)
    one = uploads.begin(name, folder, called=file.name, by=by)
    chosen = columns.split(",") if columns else [name or "" for name in one.arguments["columns"]]
    _refuse_unknown(chosen)
    uploads.choose(one.seq, columns=chosen, **more)
    change_set.check(one.seq)
    return _worked_on(one.seq)


def _refuse_unknown(columns: list[str]) -> None:
    unknown = sorted({name for name in columns if name} - set(Field))
    if unknown:
        raise click.ClickException(
            f"No such field: {', '.join(unknown)}. There are {', '.join(Field)}."
        )


def _worked_on(seq: int) -> ChangeSet:
    """Worked on here, or beside a worker who was faster."""
    one = change_set.find_set(seq)
    while one.is_at_work:
        working.work_on(
            seq,
            folder=current_app.config["FILES_FOLDER"],
            daily_budget=current_app.config["DELETIONS_PER_DAY"],
            beat=lambda: None,
        )
        one = change_set.find_set(seq)
    if one.problem:
        raise click.ClickException(f"{one.problem}.")
    return one


def _say(one: ChangeSet) -> None:
    numbers = ", ".join(f"{number:,} {name}" for name, number in one.counts.items())
    click.echo(f"Set {one.seq} {one.state}: {numbers}")
    for row in change_set.rows_with_problems(one.seq, limit=MOST_SHOWN):
        for column, text in row.problems or ():
            where = f"row {row.number}" + (f", {column}" if column else "")
            click.echo(f"  {where}: {text}")
