"""Processes that write to a book as fast as they can, for those who read it meanwhile."""

import multiprocessing
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import OperationalError

from tests.support.books import settings_for
from tests.support.cast import SOMEBODY
from webapp.assembly import create_app
from webapp.blacklist import opening
from webapp.customers import edit, erase, register
from webapp.kernel.dialects import is_unavailable
from webapp.kernel.refusals import Refusal


@contextmanager
def writing_processes(url: str, *, processes: int, writes: int) -> Iterator[Callable[[], bool]]:
    """So many processes, each with so many writes; in the end, none has failed.

    Yields:
        Whether any of them still writes.
    """
    context = multiprocessing.get_context("spawn")
    each = [(url, number, writes) for number in range(processes)]
    writers = [context.Process(target=write_much, args=arguments) for arguments in each]
    for process in writers:
        process.start()
    try:
        yield lambda: any(process.is_alive() for process in writers)
    finally:
        for process in writers:
            process.join()
    assert [process.exitcode for process in writers] == [0] * processes


def write_much(url: str, number: int, writes: int) -> None:
    """Add, change, blacklist and delete customers, in no order that anybody knows."""
    choose, mine = random.Random(number), []
    with create_app(settings_for(url)).app_context():
        for turn in range(writes):
            if not mine or choose.random() < 0.4:
                raw = {"first_name": f"N{number}", "email": f"n{number}t{turn}@n{number}.example"}
                mine.append(patiently(register.register, raw, by=SOMEBODY).id)
                continue
            one, chance = choose.choice(mine), choose.random()
            try:
                patiently(_write, chance, one, turn)
            except Refusal:
                mine.remove(one)


def patiently(deed: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    """Try until the book is free, as a client does who is answered 503: the lock of SQLite is not
    fair, and somebody may wait too long for it.
    """
    while True:
        try:
            return deed(*arguments, **more)
        except OperationalError as error:
            if not is_unavailable(error):
                raise


def _write(chance: float, one: object, turn: int) -> None:
    if chance < 0.6:
        edit.change(one, {"last_name": f"T{turn}"}, by=SOMEBODY)  # type: ignore[arg-type]
    elif chance < 0.8:
        opening.open_case(one, reason="fraud", by=SOMEBODY)  # type: ignore[arg-type]
    else:
        erase.delete_customer(one, by=SOMEBODY)  # type: ignore[arg-type]
