"""`make bench-imports`: a file of many customers, checked, applied and sent again, while people
work; on SQLite and on PostgreSQL.
"""

import http.client
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from bench.report import write_section
from tests.support import cast
from tests.support.books import Book, settings_for
from tests.support.postgres import postgres_server
from tests.support.server import running_server
from tests.support.sets import begin_import, table
from webapp.assembly import create_app
from webapp.batches import change_set, uploads, working
from webapp.kernel.database import db

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
IDLE_SECONDS, MOST_BROKEN = 15, 100  # one row in a hundred cannot be read
COLUMNS = ["first_name", "last_name", "email", "phone", "country"]


def main() -> None:
    names = ("Database", "check", "apply", "the same again", "page p95, idle", "while applied")
    rows = [f"| {' | '.join(names)} | megabytes more |", "|---" * 7 + "|"]
    with tempfile.TemporaryDirectory() as name, postgres_server(is_durable=True) as url:
        folder = Path(name)
        (folder / "pg").mkdir()
        rows.append(_row("SQLite", Book(f"sqlite:///{folder}/book.db", folder), folder))
        rows.append(_row("PostgreSQL", Book(url, folder / "pg"), folder / "pg"))
    print("\n".join(rows))
    about = f"{ROWS:,} rows, one in a hundred broken.\n\n"
    write_section("make bench-imports", about + "\n".join(rows))


def _row(name: str, book: Book, folder: Path) -> str:
    with book.app.app_context():
        cast.hire()
        token = cast.session_token(book.app, "Ama")
    budget = {"GATEBOOK_RECORDS_PER_HOUR": "10000000"}
    with running_server(book.url, folder / "log", **budget) as address:
        end = time.monotonic() + IDLE_SECONDS
        idle = _p95(_pages(address, token, lambda: time.monotonic() < end))
        seq = _sent(book)
        check, megabytes, _ = _timed(book, seq, address, token)
        with book.app.app_context():
            change_set.apply(seq, above=0, by=cast.actor("Ama"))
            db.session.remove()
        apply, more, busy = _timed(book, seq, address, token)
        again, _, _ = _timed(book, _sent(book), address, token)
    book.close()
    return (
        f"| {name} | {ROWS / check:,.0f}/s | {ROWS / apply:,.0f}/s | {ROWS / again:,.0f}/s "
        f"| {idle:.0f} ms | {busy:.0f} ms | {max(megabytes, more):.0f} |"
    )


def _people() -> Iterator[tuple[str, ...]]:
    for n in range(ROWS):
        email = "none" if n % MOST_BROKEN == 7 else f"a{n}@import{n % 50}.example"
        yield (f"Ama{n % 977}", f"Mensah{n}", email, f"+23480{20_000_000 + n}", "NG")


def _sent(book: Book) -> int:
    with book.app.app_context():
        folder = book.app.config["FILES_FOLDER"]
        one = begin_import(table(_people()), folder, cast.actor("Ama"))
        uploads.choose(one.seq, columns=COLUMNS)
        change_set.check(one.seq)
        seq = one.seq
        db.session.remove()
        db.engine.dispose()
    return seq


def _timed(book: Book, seq: int, address: str, token: str) -> tuple[float, float, float]:
    """Seconds that a worker takes, by how many megabytes it grows, and the p95 of pages."""
    files = str(book.app.config["FILES_FOLDER"])
    worker = get_context("fork").Process(target=_work, args=(book.url, files, seq))
    begun = time.monotonic()
    worker.start()
    process, sizes = psutil.Process(worker.pid), list[float]()

    def goes_on() -> bool:
        if worker.is_alive():
            sizes.append(process.memory_info().rss / 2**20)
        return worker.is_alive()

    busy = _p95(_pages(address, token, goes_on))
    worker.join()
    return time.monotonic() - begun, max(sizes) - sizes[min(40, len(sizes) - 1)], busy


def _work(url: str, files: str, seq: int) -> None:
    app = create_app(settings_for(url, GATEBOOK_FILES_TO=files))
    with app.app_context():
        working.work_on(seq, folder=Path(files), daily_budget=20, beat=lambda: None)


def _pages(address: str, token: str, goes_on: Callable[[], bool]) -> Iterator[float]:
    """Milliseconds that the list of customers takes, again and again."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    while goes_on():
        begun = time.perf_counter()
        connection.request("GET", "/customers", headers={"Cookie": f"gatebook={token}"})
        response = connection.getresponse()
        response.read()
        assert response.status == 200, response.status
        yield (time.perf_counter() - begun) * 1000
        time.sleep(0.05)


def _p95(values: Iterator[float]) -> float:
    return statistics.quantiles(list(values), n=20)[-1]


if __name__ == "__main__":
    main()
