"""Files that people send: kept beside the book for a day at most, for the worker alone."""

from pathlib import Path
from typing import IO, Any

from webapp.batches import change_set
from webapp.batches.imports import EXISTING, MATCH_BY
from webapp.batches.models import ChangeSet, Kind, State
from webapp.blacklist.opening import read_opening
from webapp.customers.fields import read_country
from webapp.history.entries import Actor
from webapp.kernel.database import writing
from webapp.kernel.fields import printable
from webapp.kernel.refusals import InvalidDetails, TooMuch
from webapp.staff import rate_limit
from webapp.staff.rate_limit import Bucket
from webapp.transfer.private_files import drop, new_file
from webapp.transfer.reading import files, headings
from webapp.transfer.reading.files import Glance, Layout
from webapp.transfer.reading.headings import Field
from webapp.transfer.reading.texts import DELIMITERS, ENCODINGS

MOST_BYTES = 500_000_000
# What one person or program may begin in an hour.
IN_AN_HOUR = Bucket("imports", size=60, refill_seconds=60)
PIECE = 1024 * 1024


class ImportsTooOften(TooMuch):
    sentence = "You have sent very many files in this hour; wait some minutes, then go on"


class FileGone(InvalidDetails):
    sentence = "The file is not kept any more; send it again"


def keep(content: IO[bytes], folder: Path) -> str:
    """Copy a file into the folder; its name there."""
    name, there = new_file("import", folder)
    try:
        with there:
            while piece := content.read(PIECE):
                there.write(piece)
    except BaseException:
        drop(name, folder)
        raise
    return name


def begin(name: str, folder: Path, *, called: str, by: Actor) -> ChangeSet:
    """Begin an import of a file that is kept: recognise how it is written and what its columns are.

    Args:
        called: What the person calls it.

    Raises:
        NotATable: it is no table; then it is not kept.
        TooMuch: they began too many in this hour.
    """
    try:
        glance = files.look_at(folder / name)
    except BaseException:
        drop(name, folder)
        raise
    arguments = {
        "file": name,
        "source": headings.source_of(glance.headings),
        "rows": _estimate(folder / name, glance.layout),
        "home": "",
        "existing": "fill",
        "match": "any",
        "reason": "other",
        "note": f"Blacklisted in the file {_name(called)}",
        **_described(glance),
    }
    with writing():
        wait = rate_limit.take(IN_AN_HOUR, by.kind, str(by.id))
        if not wait:
            return change_set.propose(Kind.IMPORT, by=by, origin=_name(called), arguments=arguments)
    drop(name, folder)
    raise ImportsTooOften(wait)


def _described(glance: Glance) -> dict[str, Any]:
    columns = headings.suggested(glance.headings, glance.first)
    layout = {"form": glance.layout.form, "encoding": glance.layout.encoding}
    return {
        "layout": layout | {"delimiter": glance.layout.delimiter},
        "headings": [printable(one[:80], instead="\ufffd") for one in glance.headings],
        "columns": [one.value if one else None for one in columns],
    }


def _name(called: str) -> str:
    return printable(called[-100:], instead="_") or "a file"


def _estimate(file: Path, layout: Layout) -> int:
    """About how many rows a text has."""
    if layout.form == "xlsx":
        return 0
    with file.open("rb") as content:
        return sum(piece.count(b"\n") for piece in iter(lambda: content.read(PIECE), b""))


def first_rows(one: ChangeSet, folder: Path, layout: Layout | None = None) -> Glance:
    """The headings and first rows of a file, by the layout that was chosen or another one.

    Raises:
        Invalid: `not_a_table`, or the file is not kept any more.
    """
    file = folder / one.arguments["file"]
    if not file.exists():
        raise FileGone
    layout = layout or Layout(**one.arguments["layout"])
    table = files.open_table(file, layout)
    rows = [cells for _, cells in zip(range(files.MOST_SHOWN), table.rows, strict=False)]
    return Glance(layout, table.headings, [cells for _, cells in rows])


def read_again(seq: int, encoding: str, delimiter: str, folder: Path) -> ChangeSet:
    """Read the file of a draft in another encoding or with another delimiter.

    Raises:
        Invalid: `not_a_table`, or `invalid_details`.
        Conflict: `other_state`.
    """
    if encoding not in ENCODINGS or delimiter not in DELIMITERS:
        raise InvalidDetails.on("encoding", "Choose one of these")
    one = change_set.find_set(seq)
    layout = one.arguments["layout"] | {"encoding": encoding, "delimiter": delimiter}
    glance = first_rows(one, folder, Layout(**layout))
    with writing():
        one = _draft(seq)
        one.arguments = one.arguments | _described(glance)
        return one


def _draft(seq: int) -> ChangeSet:
    one = change_set.locked_set(seq)
    if one.kind != Kind.IMPORT or one.began_at or one.state not in (State.DRAFTED, State.CHECKED):
        raise change_set.NotInThisState
    change_set.refuse_if_begun(one)
    one.state, one.counts = State.DRAFTED, {}  # what was checked does not hold any more
    return one


def choose(
    seq: int,
    *,
    columns: list[str],
    home: str = "",
    existing: str = "fill",
    match: str = "any",
    reason: str = "other",
    note: str = "",
) -> ChangeSet:
    """Choose what the columns of a draft are, and how its rows are used.

    Raises:
        Invalid: `invalid_details`, with problems by field.
        Conflict: `other_state`.
    """
    with writing():
        one = _draft(seq)
        fields = [Field(name) if name in set(Field) else None for name in columns]
        _refuse_unusable(fields, match)
        if existing not in EXISTING:
            raise InvalidDetails.on("existing", "Choose one of these")
        try:
            read_country(home)
        except ValueError as problem:
            raise InvalidDetails.on("home", problem) from None
        chosen: dict[str, Any] = {
            "home": home,
            "existing": existing,
            "match": match,
            "reason": reason or one.arguments["reason"],
        }
        chosen["note"] = read_opening(chosen["reason"], note or one.arguments["note"])[0]
        width = len(one.arguments["headings"])
        names = [field.value if field else None for field in fields[:width]]
        chosen["columns"] = names + [None] * (width - len(names))
        one.arguments = one.arguments | chosen
        return one


def _refuse_unusable(fields: list[Field | None], match: str) -> None:
    if match not in MATCH_BY:
        raise InvalidDetails.on("match", "Choose one of these")
    if match != "any" and match not in fields:
        raise InvalidDetails.on("match", f"No column is the {MATCH_BY[match].lower()}")
    if not {Field.EMAIL, Field.ID, Field.REFERENCE} & set(fields):
        raise InvalidDetails.on("columns", "Say which column is the e-mail, reference or id")
