"""`make check-search`: checks two thousand random searches of 100,000 customers against a scan of
every row; takes some minutes.
"""

import sys

from bench.books import book_of
from bench.floors import app_of
from tests.support.brute import Everybody

CUSTOMERS, SEARCHES = 100_000, 2_000


def main() -> None:
    url, _ = book_of(CUSTOMERS)
    with app_of(url).app_context():
        everybody = Everybody()
        wrong = [
            line
            for one in everybody.some_searches(SEARCHES, seed=1)
            for line in everybody.differences(one)
        ]
    print("\n".join(wrong[:20]))
    print(
        f"{SEARCHES:,} searches of {CUSTOMERS:,} customers: "
        f"{len(wrong)} wrong, missing or misplaced"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
