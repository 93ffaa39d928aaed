"""`make hostile`: sends 100,000 hostile requests to one book, and prints the results."""

import sys
import tempfile
from pathlib import Path

from tests.hostile.requests import Attacker
from tests.support.books import Book
from tests.support.cast import add, hire

SENT = 100_000


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = Book(f"sqlite:///{folder}/book.db", folder)
        with book.app.app_context():
            hire()
            ids = [str(add(email=f"c{number}@example.com", phone=None).id) for number in range(50)]
            outcome = Attacker(book.app, ids, seed=1).attack(SENT)
        book.close()
    lines = [
        f"{outcome.sent:,} sent, {len(outcome.failures)} broke something or took too long",
        *outcome.failures[:20],
    ]
    lines += [
        f"statuses {dict(sorted(outcome.statuses.items()))}",
        f"longest {outcome.longest:.3f} s of CPU",
    ]
    lines += [
        f"memory {outcome.memory[4] >> 20} MB after a thousand, "
        f"{outcome.memory[-1] >> 20} MB at the end"
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(bool(outcome.failures))


if __name__ == "__main__":
    main()
