"""`make bench-sync`: a nightly sync of 10,000 customers by batch, broken off in the middle and
begun again; and 50 checks a second for a minute, with one key each, on the shipped server.
"""

import http.client
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.report import write_section
from bench.spread import spread
from tests.api.program import Answer, Program
from tests.support import cast
from tests.support.books import Book
from tests.support.server import running_server
from webapp.programs import api_keys
from webapp.staff.permissions import Scope

Batch = Sequence[dict[str, Any]]
PEOPLE, AT_ONCE = 10_000, 500
CHECKS_A_SECOND, SECONDS = 50, 60
ENOUGH = {"GATEBOOK_API_REQUESTS_PER_MINUTE": str(2 * CHECKS_A_SECOND * 60)}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = Book(f"sqlite:///{folder}/book.db", folder)
        with book.app.app_context():
            cast.hire()
            _, secret = api_keys.create_key(name="Sync", scopes=[*Scope], by=cast.actor("Adwoa"))
        rows = [*synced(book, folder, secret), *checked(book, folder, secret)]
        book.close()
    table = "\n".join(rows)
    sys.stdout.write(f"{table}\n")
    write_section("make bench-sync", table)


def synced(book: Book, folder: Path, secret: str) -> Iterator[str]:
    """At the default limit of a key."""
    batches, begun = list(batches_of(people())), time.monotonic()
    with running_server(book.url, folder / "log") as address:
        break_off(Program(address, secret), batches)
    with running_server(book.url, folder / "log") as address:
        program = Program(address, secret)
        outcomes = all_saved(program, batches)
        total = program.get("customers?take=0").data["meta"]["itemCount"]
        yield (
            f"- {PEOPLE:,} customers in batches of {AT_ONCE}, broken off in the middle and begun "
            f"again: {time.monotonic() - begun:.0f} s, {total:,} in the book "
            f"({outcomes['created']:,} added after the break, {outcomes['unchanged']:,} before)."
        )
        begun = time.monotonic()
        again = all_saved(program, batches)["unchanged"]
        yield f"- The next night, {again:,} unchanged: {time.monotonic() - begun:.0f} s."


def break_off(program: Program, batches: Sequence[Batch]) -> None:
    """Save half of them, and go away in the middle of the next batch."""
    middle = len(batches) // 2
    all_saved(program, batches[:middle])
    program.connection.sock.settimeout(0.5)
    with suppress(TimeoutError, http.client.HTTPException):
        saved(program, batches[middle])


def all_saved(program: Program, batches: Sequence[Batch]) -> Counter[str]:
    return sum((saved(program, batch) for batch in batches), Counter[str]())


def people() -> Iterator[dict[str, Any]]:
    for number in range(PEOPLE):
        phone = f"+23320{number:07}"
        yield {
            "reference": f"S-{number}",
            "firstName": "Ama",
            "lastName": f"Mensah {number}",
            "email": f"sync{number}@example.com",
            "phone": phone,
        }


def batches_of(rows: Iterator[dict[str, Any]]) -> Iterator[Batch]:
    everybody = list(rows)
    for start in range(0, len(everybody), AT_ONCE):
        yield everybody[start : start + AT_ONCE]


def saved(program: Program, batch: Batch) -> Counter[str]:
    answer = program.post("customers/batch", {"customers": batch})
    assert answer.status == 200, answer.raw
    return Counter(row["outcome"] for row in answer.data["results"])


def checked(book: Book, folder: Path, secret: str) -> Iterator[str]:
    """Each at its own moment, whether or not the one before was slow."""
    times, statuses = [], Counter[int]()
    with running_server(book.url, folder / "log", **ENOUGH) as address:
        program, begun = Program(address, secret), time.monotonic()
        for number in range(CHECKS_A_SECOND * SECONDS):
            due = begun + number / CHECKS_A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
            answer = _check(program, number)
            times.append((time.monotonic() - due) * 1_000)
            statuses[answer.status] += 1
    numbers = spread(times)
    assert set(statuses) == {200}, statuses
    yield (
        f"- {CHECKS_A_SECOND} checks a second for {SECONDS} s with one key, from the moment at "
        f"which each was due: p50 {numbers['p50']:.1f} ms, p95 {numbers['p95']:.1f} ms, p99 "
        f"{numbers['p99']:.1f} ms; all {statuses[200]:,} answered 200."
    )


def _check(program: Program, number: int) -> Answer:
    body = {"email": f"sync{number}@example.com", "phone": f"+23320{number:07}"}
    return program.post("customers/check", body)


if __name__ == "__main__":
    main()
