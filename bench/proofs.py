"""`make bench-history`: what it takes to prove a whole history, and what came since."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bench.books import FOLDER, book_of, flask
from bench.report import write_section
from tests.support.books import settings_for
from webapp.assembly import create_app
from webapp.customers import edit
from webapp.customers.models import Customer
from webapp.history import of_book
from webapp.kernel.database import db

SIZES = (10_000, 1_000_000)
CHANGES = 10_000


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    rows = [
        "| Customers | whole | 10,000 changes, `--new` | nothing new |",
        "|---|---|---|---|",
    ]
    rows += [_row(size) for size in sizes]
    table = "\n".join(rows)
    print(table)
    write_section("make bench-history", table)


def _row(size: int) -> str:
    book_of(size)
    with _copy(size) as url:
        flask(url, "db", "upgrade")
        flask(url, "book", "renew-keys")
        whole = _seconds(url, "--anew")
        _change(url)
        new = _seconds(url, "--new")
        nothing = _seconds(url, "--new")
    return f"| {size:,} | {whole:,.0f} s | {new:.1f} s | {nothing:.1f} s |"


@contextmanager
def _copy(size: int) -> Iterator[str]:
    """A copy, because other measurements need the book as it was."""
    copy = FOLDER / str(size) / "proofs.db"
    shutil.copy(FOLDER / str(size) / "book.db", copy)
    try:
        yield f"sqlite:///{copy}"
    finally:
        for file in Path(copy.parent).glob("proofs.db*"):
            file.unlink()


def _seconds(url: str, *words: str) -> float:
    begun = time.perf_counter()
    flask(url, "history", "verify", *words)
    return time.perf_counter() - begun


def _change(url: str) -> None:
    with create_app(settings_for(url)).app_context():
        number = db.session.scalar(select(func.count()).select_from(Customer)) or 1
        spread = Customer.seq % max(1, number // CHANGES) == 0  # all over the book
        ids = db.session.scalars(select(Customer.id).where(spread).limit(CHANGES)).all()
        db.session.rollback()
        for number in range(CHANGES):
            details = {"last_name": f"Changed {number}"}
            edit.change(ids[number % len(ids)], details, by=of_book.BY)


if __name__ == "__main__":
    main()
