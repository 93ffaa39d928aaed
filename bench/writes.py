"""Times of service calls that write, one at a time and concurrently."""

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from sqlalchemy import event

from bench.floors import app_of
from bench.inputs import Inputs
from bench.spread import Times
from tests.support import cast
from webapp.blacklist import opening
from webapp.customers import edit, register
from webapp.kernel.database import db

WRITES, WRITERS = 300, 4
AMA = {"first_name": "Ama", "last_name": "Mensah", "country": "GH"}


def writes(inputs: Inputs) -> dict[str, Times]:
    """Times of complete service calls, and of the statements and commits within them."""
    by, unique = cast.actor("Esi"), f"{time.time_ns():x}"
    people = [one.id for one in inputs.people if not one.blacklisted][:WRITES]
    deeds: dict[str, Callable[[int], object]] = {
        "create": lambda n: register.register(AMA | {"email": f"{unique}x{n}@example.com"}, by=by),
        "edit": lambda n: edit.change(people[n], {"last_name": f"Owusu{unique}{n}"}, by=by),
        "blacklist": lambda n: opening.open_case(people[n], reason="fraud", by=by),
    }
    found: dict[str, Times] = {}
    with database_times() as in_database:
        for name, deed in deeds.items():
            in_database.clear()
            found[f"write: {name}"] = timed(deed, min(WRITES, len(people)), in_database)
            found[f"database time: {name}"] = list(in_database)
    return found


def timed(deed: Callable[[int], object], number: int, in_database: Times) -> Times:
    times = []
    for n in range(number):
        in_database.append(0.0)
        begun = time.perf_counter()
        deed(n)
        times.append((time.perf_counter() - begun) * 1_000)
        db.session.rollback()
    return times


@contextmanager
def database_times() -> Iterator[Times]:
    """Yield a list; the milliseconds of every statement and commit are added to its
    last element.
    """
    times: Times = []
    begun = 0.0
    commit = db.engine.dialect.do_commit

    def begin(*_: object) -> None:
        nonlocal begun
        begun = time.perf_counter()

    def end(*_: object) -> None:
        if times:
            times[-1] += (time.perf_counter() - begun) * 1_000

    def timed_commit(connection: Any) -> None:
        begin()
        commit(connection)
        end()

    db.engine.dialect.do_commit = timed_commit
    listeners = {"before_cursor_execute": begin, "after_cursor_execute": end}
    for name, listener in listeners.items():
        event.listen(db.engine, name, listener)
    try:
        yield times
    finally:
        for name, listener in listeners.items():
            event.remove(db.engine, name, listener)
        db.engine.dialect.do_commit = commit


def written_by_several(url: str) -> int:
    """How many writes from four concurrent processes were refused or failed."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(WRITERS) as pool:
        return sum(pool.starmap(write_much, [(url, number) for number in range(WRITERS)]))


def write_much(url: str, number: int) -> int:
    random, failed = Random(f"{number} {time.time_ns()}"), 0
    with app_of(url).app_context():
        by = cast.actor("Esi")
        for turn in range(WRITES):
            email = f"w{number}x{turn}x{time.time_ns():x}@example.com"
            try:
                one = register.register(
                    {"first_name": "Esi", "last_name": "Sey", "email": email}, by=by
                )
                edit.change(one.id, {"last_name": f"Sey{turn}"}, by=by)
                if random.random() < 0.5:
                    case = opening.open_case(one.id, reason="fraud", by=by).case
                    opening.undo(one.id, case_seq=case.seq, by=by)
            except Exception as error:
                print(f"refused: {type(error).__name__} {error}", file=sys.stderr)
                failed += 1
    return failed
