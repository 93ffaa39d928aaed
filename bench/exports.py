"""`make bench-exports`: a million customers taken along as a file."""

import resource
import time
from collections.abc import Iterator
from datetime import UTC

from bench.books import FOLDER, book_of
from bench.report import write_section
from tests.support.books import settings_for
from webapp.assembly import create_app
from webapp.history.of_book import BY
from webapp.search.filters import CustomerFilter, Standing
from webapp.transfer import exports

SIZE = 1_000_000
LISTS = {
    "everybody": CustomerFilter(),
    "the blacklisted": CustomerFilter(standing=Standing.BLACKLISTED),
    "those with +234": CustomerFilter(dial_code="+234"),
}


def main() -> None:
    book_of(SIZE)
    rows = ["| Whom | customers | first byte | all | megabytes more |", "|---|---|---|---|---|"]
    app = create_app(settings_for(f"sqlite:///{FOLDER}/{SIZE}/book.db"))
    with app.app_context():
        list(_take(CustomerFilter(phone="+233000000000")))  # imports, statements, connections
        rows += [_row(name, filters) for name, filters in LISTS.items()]
    table = "\n".join(rows)
    print(table)
    write_section("make bench-exports", table)


def _row(name: str, filters: CustomerFilter) -> str:
    before, begun = _megabytes(), time.perf_counter()
    pieces = _take(filters)
    next(pieces)
    first, lines = time.perf_counter() - begun, 0
    for piece in pieces:
        lines += piece.count(b"\r\n")
    whole, more = time.perf_counter() - begun, _megabytes() - before
    return f"| {name} | {lines:,} | {first * 1000:.0f} ms | {whole:.1f} s | {more:.0f} |"


def _take(filters: CustomerFilter) -> Iterator[bytes]:
    columns = list(exports.COLUMNS)
    export = exports.begin(filters, UTC, description="bench", columns=columns, by=BY)
    return exports.csv_of(export, by=BY, for_people=True)


def _megabytes() -> float:
    """The most memory that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
