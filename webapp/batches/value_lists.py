"""Lists of entries from files: read, compared with what stands, loaded or taken back by the worker.

Each batch is a transaction, and what is still to be done is found anew from the file and the book:
so whenever the process dies, the next worker goes on, and nothing is done twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from webapp.batches.uploads import FileGone
from webapp.blacklist.entries import opening
from webapp.blacklist.entries.changes import EntryClosed, changing_entry, close
from webapp.blacklist.entries.drafting import draft
from webapp.blacklist.entries.list_steps import take
from webapp.blacklist.entries.lists import (
    CHECKED,
    CHECKING,
    LOADING,
    REMOVING,
    EntryList,
    NoSuchList,
    changing_list,
    get_list,
    locked_list,
    number_of,
)
from webapp.blacklist.entries.models import BlacklistEntry, Outcome
from webapp.blacklist.entries.values import EntryValue, kind_by_looks, read_value, value_of
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails
from webapp.programs.api_keys import may_still
from webapp.staff.permissions import Permission
from webapp.transfer.reading import files
from webapp.transfer.reading.refusals import NotATable

BATCH, FEW = 100, 200
MOST_VALUES, MOST_PROBLEMS = 100_000, 50
NOT_ANY_MORE = "{by_name} may not do this any more"
NO_LONGER = "It is not in the list any more"
HEADINGS = {
    "kind": "kind", "type": "kind", "what": "kind",
    "value": "value", "email": "value", "emailaddress": "value", "domain": "value",
    "phone": "value", "phonenumber": "value", "number": "value", "entry": "value",
    "firstname": "first_name", "givenname": "first_name",
    "lastname": "last_name", "surname": "last_name", "familyname": "last_name",
    "birthday": "birthday", "dateofbirth": "birthday", "born": "birthday",
    "country": "country", "note": "note", "comment": "note",
}  # fmt: skip
Beat = Callable[[], None]
Raw = dict[str, Any]
About = tuple[str, ...]


@dataclass(frozen=True)
class ValueRow:
    """A row of a list.

    Attributes:
        number: As a spreadsheet counts.
        raw: As for `drafting.draft`.
        value: What it is about; see `_about`.
    """

    number: int
    raw: Raw
    value: About


def work_on(seq: int, *, folder: Path, beat: Beat) -> None:
    """Check, load or remove a list, until it is done.

    Args:
        folder: Where the files are.
        beat: Called between batches; what it raises ends the work.
    """
    try:
        one = get_list(seq)
        if one.work == CHECKING:
            _check(one, folder, beat)
        elif one.work == LOADING:
            _load(one, folder, beat)
        elif one.work == REMOVING:
            _remove(one, beat)
    except NoSuchList:
        return
    except (NotATable, FileGone) as refusal:
        _give_up(seq, refusal.message)


def _give_up(seq: int, problem: str) -> None:
    with writing():
        locked_list(seq).problem = problem


def _check(one: EntryList, folder: Path, beat: Beat) -> None:
    """Count what the next version would add and take back, and whom it would be about."""
    about, by = dict(one.proposed or {}), _nobody()
    new, gone, same, problems = _difference(one, folder)
    matched = number = 0
    for place, row in enumerate(new):
        try:
            matched += draft(row.raw, by=by).radius.good
            number += 1
        except (Invalid, Conflict) as refusal:
            problems.append([row.number, refusal.message])
        if place % BATCH == 0:
            beat()
    about["counts"] = {
        "new": number,
        "same": same,
        "gone": len(gone),
        "matched": matched,
        "refused": len(problems),
    }
    about["answering"] = sorted({one.accountable_id for one in gone if one.accountable_id})
    about["problems"] = problems[:MOST_PROBLEMS]
    with writing():
        row_of_list = locked_list(one.seq)
        if row_of_list.work == CHECKING:
            row_of_list.work, row_of_list.proposed = CHECKED, about


def _difference(
    one: EntryList, folder: Path
) -> tuple[list[ValueRow], list[BlacklistEntry], int, list[list[Any]]]:
    """The new rows of a version, the entries that it lacks, how many stay, and what is wrong."""
    rows_by_value, problems = _read(one.proposed or {}, folder)
    there = _standing(one.seq)
    new = [row for value, row in rows_by_value.items() if value not in there]
    gone = [entry for value, entry in there.items() if value not in rows_by_value]
    return new, gone, len(rows_by_value) - len(new), problems


def _nobody() -> Actor:
    """Who checks: what needs an admin is named, and refused unless an admin loads it."""
    return Actor(kind="system", id=None, name="Gatebook", door="command")


def _load(one: EntryList, folder: Path, beat: Beat) -> None:
    about, by = dict(one.proposed or {}), _who(one)
    new, lacking, _, problems = _difference(one, folder)
    values = {entry.seq: _about("", value_of(entry.kind, entry.value)) for entry in lacking}
    for start in range(0, len(new), BATCH):
        beat()
        with writing():
            if not _may_go_on(one.seq, LOADING, by):
                return
            some = new[start : start + BATCH]
            opening.wait_for_customers([row.raw for row in some])
            for row in some:
                problems += _added(row, one.seq, by)
    numbers = {number for number, _ in problems}  # what cannot be added keeps what it had
    refused = {row.value[1:] for row in new if row.number in numbers}
    gone = [seq for seq, value in values.items() if value[1:] not in refused]
    if not _take_back(one.seq, LOADING, gone, Outcome.REMOVED, NO_LONGER, by, beat):
        return
    with changing_list(one.seq, by=by) as change:
        if change.row.work != LOADING:
            return
        change.row.work = change.row.proposed = None
        take(change, about, about.get("counts", {}) | {"refused": len(problems)}, loader=by)


def _added(row: ValueRow, list_seq: int, by: Actor) -> list[list[Any]]:
    try:
        opening.add_entry(row.raw, by=by, list_seq=list_seq)
    except (Invalid, Conflict) as refusal:
        return [[row.number, refusal.message]]
    return []


def _remove(one: EntryList, beat: Beat) -> None:
    about, by = dict(one.proposed or {}), _who(one)
    outcome = Outcome.UNDONE if about["is_undo"] else Outcome.REMOVED
    gone = [entry.seq for entry in _standing(one.seq).values()]
    if not _take_back(one.seq, REMOVING, gone, outcome, about["note"], by, beat):
        return
    with changing_list(one.seq, by=by) as change:
        if change.row.work != REMOVING:
            return
        change.row.work = change.row.proposed = None
        change.row.removed_at = change.at
        change.record("list_removed", new={"note": about["note"], "is_removed": True})


def _take_back(
    list_seq: int,
    work: str,
    gone: Sequence[int],
    outcome: Outcome,
    note: str,
    by: Actor,
    beat: Beat,
) -> bool:
    """Close these entries; whether the work may go on."""
    for start in range(0, len(gone), BATCH):
        beat()
        with writing():
            if not _may_go_on(list_seq, work, by):
                return False
            for seq in gone[start : start + BATCH]:
                try:
                    with changing_entry(seq, by=by, may_have_ended=True) as change:
                        close(change, outcome, note=note)
                except EntryClosed:
                    continue  # somebody removed it meanwhile
    return True


def _may_go_on(list_seq: int, work: str, by: Actor) -> bool:
    """Whether the work is still wanted; others who work on the list wait for this transaction."""
    with writing():
        one = locked_list(list_seq)
        if one.work == work and not may_still(by, Permission.IMPORT):
            one.problem = NOT_ANY_MORE.format(by_name=by.name)
        return one.work == work and one.problem is None


def _who(one: EntryList) -> Actor:
    return Actor(**(one.proposed or {})["by"])


def _standing(list_seq: int) -> dict[About, BlacklistEntry]:
    """The entries of a list that nobody has closed, by what they are about."""
    query = select(BlacklistEntry).where(
        BlacklistEntry.list_seq == list_seq, BlacklistEntry.closed_at.is_(None)
    )
    entries = db.session.scalars(query).all()
    return {_about(one.level, value_of(one.kind, one.value)): one for one in entries}


def _about(level: str, value: EntryValue) -> About:
    """What happens to which value: two values that say the same in other words are one."""
    return (level, value.kind.value, *value.keys)


def _read(about: Mapping[str, Any], folder: Path) -> tuple[dict[About, ValueRow], list[list[Any]]]:
    """The rows of a file by what they are about, each once, and what is wrong with others."""
    rows_by_value: dict[About, ValueRow] = {}
    problems: list[list[Any]] = []
    for number, raw in _rows(folder / about["file"]):
        more = {name: about[name] for name in ("level", "reason")}
        more["note"] = raw.pop("note", "") or about["note"]
        raw["kind"] = raw.get("kind") or kind_by_looks(raw)
        try:
            value = read_value(raw)
        except InvalidDetails as refusal:
            problems.append([number, refusal.message])
            continue
        key = _about(about["level"], value)
        rows_by_value.setdefault(key, ValueRow(number, {**raw, **more}, key))
        if len(rows_by_value) > MOST_VALUES:
            raise NotATable(f"A list has at most {MOST_VALUES:,} values")
    return rows_by_value, problems


def _rows(file: Path) -> Iterator[tuple[int, Raw]]:
    """The rows of a file under the names of the rules; a file without headings has one column."""
    if not file.exists():
        raise FileGone
    table = files.open_table(file, files.look_at(file).layout)
    names = [HEADINGS.get(_letters(heading)) for heading in table.headings]
    if not any(name in ("value", "first_name", "last_name") for name in names):
        names = ["value", *[None] * (len(names) - 1)]
        yield 1, {"value": table.headings[0]}
    for number, cells in table.rows:
        for raw in _raws([(name, cell.strip()) for name, cell in zip(names, cells, strict=False)]):
            yield number, raw


def _raws(cells: Sequence[tuple[str | None, str]]) -> Iterator[Raw]:
    """What a row is about: each value of its own, such as an e-mail and a phone; else its name."""
    more = {name: cell for name, cell in cells if name and name != "value"}
    more["birthday"] = clock.as_iso_day(more.get("birthday", ""))
    values = [cell for name, cell in cells if name == "value" and cell]
    yield from ({**more, "value": value} for value in values or [""])


def _letters(heading: str) -> str:
    return "".join(letter for letter in heading.lower() if letter.isalpha())


def is_small(seq: int, folder: Path) -> bool:
    """Whether a list is short enough to be worked on while somebody waits."""
    one = get_list(seq)
    if one.work == REMOVING:
        return number_of(seq) <= FEW
    if one.work not in (CHECKING, LOADING):
        return False
    file = folder / (one.proposed or {}).get("file", "")
    try:
        return sum(1 for _ in zip(range(FEW + 1), _rows(file), strict=False)) <= FEW
    except (NotATable, FileGone):
        return True
