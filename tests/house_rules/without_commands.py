"""Runs a deed in a process without the command line, `python -m … <deed> <book.db>`, and prints the
result as JSON. No module of the application has been imported before.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

KOFI = {"first_name": "Kofi", "last_name": "Annan", "email": "kofi.annan@example.com"}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEYS = {
    "GATEBOOK_SECRET_KEY": "tests-only-secret-0123456789abcdefghijklmnop",
    "GATEBOOK_HISTORY_KEY": "tests-only-history-0123456789abcdefghijklmno",
}


class NoCommands(MetaPathFinder):
    """Makes every import of the command line fail."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        if name.startswith("webapp.cli"):
            raise ImportError(f"{name} is not there")


def main(deed: str, path: str) -> None:
    sys.meta_path.insert(0, NoCommands())
    nothing = ModuleType("webapp.cli")
    vars(nothing)["init_commands"] = lambda app, settings: None
    sys.modules[nothing.__name__] = nothing
    if deed == "write_without_projections":
        import_module("webapp.projections").install = lambda: None
    with book(Path(path)):
        sys.stdout.write(json.dumps(DEEDS[deed]()))


@contextmanager
def book(path: Path) -> Iterator[None]:
    """A new book, with a clock that stands still."""
    from flask_migrate import upgrade

    from webapp.assembly import create_app
    from webapp.kernel import clock
    from webapp.settings import Settings

    clock.now = lambda: NOON
    known = KEYS | {"GATEBOOK_DATABASE_URL": f"sqlite:///{path}"}
    with create_app(Settings.from_environment(known)).app_context():
        upgrade()
        yield


def register_and_blacklist() -> dict[str, Any]:
    """Register two customers and blacklist one; then read lists, a search and `book check`."""
    from webapp.blacklist import opening
    from webapp.customers import register
    from webapp.history import changes
    from webapp.search.filters import CustomerFilter, Standing

    kofi, _ = (register.register(one, by=somebody()) for one in (KOFI, KOFI | {"email": "o@x.gh"}))
    opened = opening.open_case(kofi.id, reason="fraud", by=somebody())
    return {
        "all": emails(CustomerFilter()),
        "blacklisted": emails(CustomerFilter(standing=Standing.BLACKLISTED)),
        "good": emails(CustomerFilter(standing=Standing.GOOD)),
        "found": emails(CustomerFilter(text="annan", standing=Standing.BLACKLISTED)),
        "waits_from": opened.customer.waits_from.isoformat(),
        "faults": list(changes.faults()),
        "commands": sorted(name for name in sys.modules if name.startswith("webapp.cli.")),
    }


def somebody() -> Any:
    from webapp.history.entries import Actor

    return Actor(kind="system", id=None, name="Somebody", door="command")


def emails(search: Any) -> list[str]:
    from webapp.search.results import page_of

    return sorted(row.email for row in page_of(search).rows)


def write_without_projections() -> dict[str, Any]:
    """Every way to write, with no projections installed."""
    from webapp.blacklist import opening
    from webapp.customers import edit, register
    from webapp.customers.models import Customer, new_id
    from webapp.history.changes import adding, changing
    from webapp.history.entries import HistoryEntry
    from webapp.kernel.database import db

    by, nobody = somebody(), new_id()
    refused = {
        "adding": refusal(lambda: adding(Customer, by=by).__enter__()),
        "changing": refusal(lambda: changing(Customer, by=by).__enter__()),
        "register": refusal(lambda: register.register(KOFI, by=by)),
        "change": refusal(lambda: edit.change(nobody, {"first_name": "A"}, by=by)),
        "blacklist": refusal(lambda: opening.open_case(nobody, reason="fraud", by=by)),
    }
    db.session.rollback()
    written = {
        table.__name__: db.session.query(table).count() for table in (Customer, HistoryEntry)
    }
    return refused | written


def refusal(deed: Callable[[], Any]) -> str:
    try:
        deed()
    except Exception as error:
        return type(error).__name__
    return "none"


DEEDS = {
    "register_and_blacklist": register_and_blacklist,
    "write_without_projections": write_without_projections,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
