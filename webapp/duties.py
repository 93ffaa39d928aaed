"""What the worker does by itself, and how often. Each duty may be done twice."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from webapp.batches import change_set, erasure, value_lists, working
from webapp.blacklist.entries import lists
from webapp.blacklist.reviewing import digest
from webapp.history import unlogged
from webapp.history.proofs import anchors, proved
from webapp.kernel.database import db, writing
from webapp.programs import idempotency
from webapp.programs.webhooks import deliveries
from webapp.proving import Check
from webapp.settings import Settings
from webapp.staff import rate_limit, sessions
from webapp.staff.sessions import SessionLimits
from webapp.transfer import export_files, private_files

log = logging.getLogger("gatebook.work")

DIGEST_HOUR = 7
# Of a book with more entries that was never proved, an operator must prove the whole first.
MOST_ENTRIES = 200_000
# Called now and then by long work; raises `Stopped` when the worker is to stop.
Beat = Callable[[], None]


class Stopped(Exception):
    """The worker is to stop; the work goes on later."""


@dataclass(frozen=True)
class Duty:
    """A kind of work.

    Attributes:
        do: With the job's arguments.
        next_after: When it is due again; `None` for work that somebody asks for.
    """

    do: Callable[[Mapping[str, Any], Beat], None]
    next_after: Callable[[datetime], datetime] | None = None


def duties_of(settings: Settings, limits: SessionLimits) -> dict[str, Duty]:
    """All duties that these settings allow, by kind."""
    return dict(_duties(settings, limits))


def _duties(settings: Settings, limits: SessionLimits) -> Iterator[tuple[str, Duty]]:
    yield "tidy", Duty(partial(_tidy, limits, settings.files_folder), partial(_hourly, 5))
    yield "prove", Duty(_prove, partial(_hourly, 20))
    yield export_files.JOB, Duty(partial(_make_a_file, settings.files_folder))
    yield change_set.JOB, Duty(partial(_work_on_a_set, settings))
    yield lists.JOB, Duty(partial(_work_on_a_list, settings.files_folder))
    if settings.root_key and settings.roots_to:
        yield "anchor", Duty(partial(_anchor, settings.roots_to), partial(_hourly, 0))
    if settings.smtp_url:
        send = partial(_send_digests, settings.smtp_url, settings.public_url)
        yield "digest", Duty(send, partial(_daily, DIGEST_HOUR, ZoneInfo(settings.time_zone)))


def _hourly(minute: int, after: datetime) -> datetime:
    at = after.replace(minute=minute, second=0, microsecond=0)
    return at if at > after else at + timedelta(hours=1)


def _daily(hour: int, zone: ZoneInfo, after: datetime) -> datetime:
    there = after.astimezone(zone)
    at = there.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (at if at > there else at + timedelta(days=1)).astimezone(after.tzinfo)


def _tidy(limits: SessionLimits, files: Path, _: Mapping[str, Any], beat: Beat) -> None:
    beat()
    with writing():
        tidy_up(limits)
    while erasure.forget_old() or deliveries.forget_old():
        beat()
    private_files.forget_old(files)
    export_files.forget_old(files)


def tidy_up(limits: SessionLimits) -> None:
    """Forget kept answers, ended sessions and full buckets, in the present write transaction."""
    idempotency.forget_old()
    rate_limit.forget_old()
    sessions.forget_ended(limits)


class NeverProved(Exception):
    """An operator must run `history verify` once."""


def _make_a_file(folder: Path, arguments: Mapping[str, Any], beat: Beat) -> None:
    export_files.make(arguments["file"], folder, beat)


def _work_on_a_set(settings: Settings, arguments: Mapping[str, Any], beat: Beat) -> None:
    working.work_on(
        arguments["set"],
        folder=settings.files_folder,
        daily_budget=settings.deletions_per_day,
        beat=beat,
    )


def _work_on_a_list(folder: Path, arguments: Mapping[str, Any], beat: Beat) -> None:
    value_lists.work_on(arguments["list"], folder=folder, beat=beat)


def _prove(_: Mapping[str, Any], beat: Beat) -> None:
    """Check what came since the last proof; what is wrong stands on the page of faults."""
    if proved.find_proof() is None and unlogged.number_of_entries() > MOST_ENTRIES:
        raise NeverProved
    db.session.rollback()  # on PostgreSQL a check needs a snapshot that begins with it
    check = Check(only_new=True)
    number = sum(1 for _ in check.lines(progress=beat))
    if check.number:
        log.error("the history has faults", extra={"number": number})


def _anchor(targets: tuple[str, ...], _: Mapping[str, Any], beat: Beat) -> None:
    beat()
    problems = anchors.anchor(targets)[1]
    if problems:
        raise OSError(" ".join(problems))


def _send_digests(smtp_url: str, public_url: str, _: Mapping[str, Any], beat: Beat) -> None:
    beat()
    sent = digest.send_digests(smtp_url, public_url)
    log.info("digests sent", extra={"number": sent.number, "refused": len(sent.refused)})
