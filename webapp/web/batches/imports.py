"""Importing a file: send it, say what its columns are, have it checked."""

from dataclasses import replace
from pathlib import Path

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.batches import change_set, uploads
from webapp.batches.imports import Choices, read_row
from webapp.batches.models import ChangeSet, Kind, State
from webapp.customers import register
from webapp.customers.numbering.countries import countries
from webapp.http.doors import needs
from webapp.http.uploads import files_folder, keep_sent, takes_files
from webapp.kernel.fields import printable
from webapp.kernel.refusals import Invalid, InvalidDetails, refuse
from webapp.staff.permissions import Permission
from webapp.transfer.reading.files import Glance
from webapp.transfer.reading.headings import Field
from webapp.web.batches import batches
from webapp.web.batches.pages import ChooseColumns, NewImport
from webapp.web.batches.sets import SET, set_for_reader, view_of
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import go_to, refused

CHOICES = ("home", "existing", "match", "reason", "note")
SHOWN_FIELDS = ("first_name", "last_name", "email", "phone", "dial_code", "birthday", "reference")


class NoFile(InvalidDetails):
    sentence = "Choose a file first"


@batches.get("/imports/new")
@needs(Permission.IMPORT)
def new_import() -> ResponseReturnValue:
    return NewImport()


@batches.post("/imports/new")
@needs(Permission.IMPORT)
@takes_files
def begin_import() -> ResponseReturnValue:
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise NoFile({"file": [NoFile.sentence]})
        name = Path(str(sent.stream.name)).name
        sent.stream.close()
        one = uploads.begin(name, files_folder(), called=sent.filename, by=actor())
        keep_sent(name)
    except Invalid as refusal:
        return refused(NewImport(refusal=refusal), refusal)
    return go_to(url_for("batches.choose_columns", seq=one.seq))


def _import_of_reader(seq: int) -> ChangeSet:
    one = set_for_reader(seq)
    if one.kind != Kind.IMPORT:
        raise change_set.NoSuchSet
    refuse(change_set.refusal_of_others(one, actor()))
    return one


@batches.get(f"/sets/{SET}/columns")
@needs(Permission.IMPORT)
def choose_columns(seq: int) -> ResponseReturnValue:
    one = _import_of_reader(seq)
    if one.began_at or one.state not in (State.DRAFTED, State.CHECKED):
        return go_to(url_for("batches.show_set", seq=seq))
    return _page(one, None)


def _page(one: ChangeSet, refusal: Invalid | None) -> ResponseReturnValue:
    typed = {name: one.arguments[name] for name in CHOICES} | one.arguments["layout"]
    typed |= {name: printable(text, instead="\ufffd") for name, text in request.form.items()}
    columns = request.form.getlist("columns") or [c or "" for c in one.arguments["columns"]]
    try:
        glance = uploads.first_rows(one, files_folder())
    except Invalid as problem:
        glance, refusal = Glance(Choices.of(one).layout, []), refusal or problem
    page = ChooseColumns(
        shown=view_of(one),
        headings=one.arguments["headings"],
        columns=columns,
        typed=typed,
        first=[[printable(c[:80], instead="\ufffd") for c in cells] for cells in glance.first],
        preview=_preview(one, columns, glance),
        refusal=refusal,
        countries={code: country.name for code, country in countries().items()},
    )
    return refused(page, refusal) if refusal else page


def _preview(
    one: ChangeSet, columns: list[str], glance: Glance
) -> list[tuple[dict[str, str], list[str]]]:
    """The first rows as they will be stored, with what is wrong with them."""
    fields = [Field(name) if name in set(Field) else None for name in columns]
    choices = replace(Choices.of(one), columns=fields)
    shown = []
    for number, cells in enumerate(glance.first, 2):
        row = read_row(number, cells, choices)
        submission = register.read_new(row.raw, by=actor())
        values = submission.values | {"reference": row.values.get(Field.REFERENCE, "")}
        row.blame()
        row.note_all(submission.problems)
        problems = [text for _, text in row.problems]
        values_shown = {name: str(values.get(name) or "") for name in SHOWN_FIELDS}
        shown.append((values_shown | {"blacklist": "yes" if row.is_to_blacklist else ""}, problems))
    return shown


@batches.post(f"/sets/{SET}/columns")
@needs(Permission.IMPORT)
def check_import(seq: int) -> ResponseReturnValue:
    """Read the file otherwise, show the first rows again, or have all of them checked."""
    one, form = _import_of_reader(seq), request.form
    try:
        if "read-again" in form:
            encoding, delimiter = form.get("encoding", ""), form.get("delimiter", "")
            uploads.read_again(seq, encoding, delimiter, files_folder())
            return go_to(url_for("batches.choose_columns", seq=seq))
        chosen = {name: form.get(name, "") for name in CHOICES}
        uploads.choose(seq, columns=form.getlist("columns"), **chosen)
        if "look-again" in form:
            return go_to(url_for("batches.choose_columns", seq=seq))
        uploads.first_rows(one, files_folder())
        change_set.check(seq)
    except Invalid as refusal:
        return _page(one, refusal)
    return go_to(url_for("batches.show_set", seq=seq))
