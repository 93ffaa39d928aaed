"""Long exports: made by the worker, and kept for a day for the one who asked."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.history.entries import Actor
from webapp.kernel import clock, jobs
from webapp.kernel.database import Model, Moment, db, writing
from webapp.kernel.database import Sequence as Key
from webapp.kernel.refusals import NotFound
from webapp.programs.api_keys import may_still
from webapp.search.filters import CustomerFilter
from webapp.staff.permissions import Permission
from webapp.transfer import exports
from webapp.transfer.private_files import drop, new_file

KEPT_FOR = timedelta(hours=24)
# Longer lists are made as a file: a stream would hold a thread of the server for too long.
MOST_IN_A_STREAM = 50_000
JOB = "export_file"


class NoSuchFile(NotFound):
    code = "export_not_found"
    sentence = "There is no such file any more; export the list again"


class ExportFile(Model):
    """A file that a member asked for.

    Attributes:
        listed: The query of the list's address; such a list was not searched for.
        zone: In which its days are meant (IANA).
        file: Its name in the folder of files; `None` until it is made.
        number: Of customers in it.
    """

    __tablename__ = "export_file"

    seq: Mapped[int] = mapped_column(Key, primary_key=True)
    by_id: Mapped[int]
    by_name: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    description: Mapped[str] = mapped_column(Text)
    columns: Mapped[list[str]] = mapped_column(JSON)
    listed: Mapped[dict[str, str]] = mapped_column(JSON)
    zone: Mapped[str] = mapped_column(String(64))
    file: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[int | None]

    @property
    def actor(self) -> Actor:
        return Actor(kind="staff", id=self.by_id, name=self.by_name, door="page")


def ask(
    listed: Mapping[str, str], zone: str, *, description: str, columns: Sequence[str], by: Actor
) -> ExportFile:
    """Ask the worker for a file of everybody on a list."""
    assert by.id is not None
    with writing():
        one = ExportFile(
            by_id=by.id,
            by_name=by.name,
            asked_at=clock.now(),
            description=description,
            columns=list(columns),
            listed=dict(listed),
            zone=zone,
        )
        db.session.add(one)
        db.session.flush()
        jobs.enqueue(JOB, {"file": one.seq}, name=f"{JOB} {one.seq}")
        return one


def make(seq: int, folder: Path, beat: Callable[[], None]) -> None:
    """Make a file, anew if an earlier attempt was broken off.

    Raises:
        TooMuch: they began too many exports in this hour; the worker tries again later.
    """
    one = db.session.get(ExportFile, seq, populate_existing=True)
    if one is None or one.file or one.asked_at < clock.now() - KEPT_FOR:
        return
    by, filters = one.actor, CustomerFilter.read(one.listed)
    words, columns, zone = one.description, list(one.columns), ZoneInfo(one.zone)
    export = exports.begin(filters, zone, description=words, columns=columns, by=by)
    pieces = exports.csv_of(export, by=by, for_people=True, seconds=math.inf)
    name, number = _write(pieces, folder, beat)
    is_allowed = may_still(by, Permission.EXPORT)  # or it ended early
    with writing():
        one = db.session.get_one(ExportFile, seq, populate_existing=True)
        if is_allowed:
            one.file, one.number = name, number
        else:
            db.session.delete(one)
    if not is_allowed:
        drop(name, folder)


def _write(pieces: Iterator[bytes], folder: Path, beat: Callable[[], None]) -> tuple[str, int]:
    """Write the pieces into a file: its name, and how many rows it has below its headings."""
    name, file = new_file("export", folder)
    number = -1
    with file:
        for piece in pieces:
            file.write(piece)
            number += piece.count(b"\r\n")
            beat()
    return name, number


def files_of(by: Actor) -> Sequence[ExportFile]:
    """What a member has asked for within a day, newest first."""
    since = clock.now() - KEPT_FOR
    theirs = select(ExportFile).where(ExportFile.by_id == by.id, ExportFile.asked_at > since)
    return db.session.scalars(theirs.order_by(ExportFile.seq.desc())).all()


def find_file(seq: int, folder: Path, *, by: Actor) -> Path:
    """The file with this number, for the one who asked for it.

    Raises:
        NotFound: `export_not_found`.
    """
    one = next((one for one in files_of(by) if one.seq == seq and one.file), None)
    if one is None or not (folder / str(one.file)).exists():
        raise NoSuchFile
    return folder / str(one.file)


def forget_old(folder: Path) -> None:
    """Forget files that have been kept for a day."""
    before = clock.now() - KEPT_FOR
    with writing():
        old: Any = db.session.scalars(select(ExportFile).where(ExportFile.asked_at < before))
        for one in old.all():
            if one.file:
                drop(one.file, folder)
            db.session.delete(one)
