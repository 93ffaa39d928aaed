"""Several editors of one customer at once: whether all changes that they saw accepted were kept."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from tests.support import cast
from tests.support.books import Book
from tests.support.edits import Change, edit_again_and_again
from webapp.customers import finding
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry, entries_of


def nothing_was_lost(customer: Customer, accepted: list[Change]) -> int:
    """Check that the history has every accepted change, and that each starts from the value before
    it; returns how many were merged.
    """
    entries = entries_of(customer.subject, limit=100_000)[::-1]
    now = finding.get_customer(customer.id)
    assert [entry.version for entry in entries] == list(range(1, now.version + 1))
    for field in ("first_name", "last_name"):
        assert last_in_a_chain(entries, field) == getattr(now, field)
    written = {(field, entry.new(field)) for entry in entries for field in entry.fields}
    assert set(accepted) <= written
    return sum(
        1 for entry in entries if entry.based_on is not None and entry.based_on < entry.version - 1
    )


def edit_at_two_servers(
    book: Book, addresses: Sequence[str], *, editors: int, edits: int
) -> tuple[int, int]:
    """Several people edit one customer, spread over the servers; returns how many changes were
    accepted, and how many of them were merged.
    """
    with book.app.app_context():
        kofi = cast.add()
        tokens = [cast.session_token(book.app, "Esi") for _ in range(editors)]
    path = f"/customers/{kofi.id}/edit"
    with ThreadPoolExecutor(editors) as pool:
        asked = [
            pool.submit(
                edit_again_and_again, addresses[number % len(addresses)], token, path, number, edits
            )
            for number, token in enumerate(tokens)
        ]
        accepted = [change for one in asked for change in one.result()]
    with book.app.app_context():
        return len(accepted), nothing_was_lost(kofi, accepted)


def last_in_a_chain(entries: list[HistoryEntry], field: str) -> str | None:
    """The last value of a field, after checking that each change starts from the
    value before it.
    """
    changes = [(entry.old(field), entry.new(field)) for entry in entries if field in entry.fields]
    assert all(before[1] == after[0] for before, after in pairwise(changes)), "a change was lost"
    return changes[-1][1]
