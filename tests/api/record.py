"""Makes the recording that `test_recorded.py` replays: `python -m tests.api.record`.

`recorded/book.db.gz` and `recorded/answers.jsonl` come from commit 73a9414: this file and the
folder `recorded` were copied into a worktree of it, and the program was run there. In the present
tree, it leaves both as they are and writes `recorded/changed.jsonl`: the answers that differ now,
each with a reason. The reasons are written by hand; a later run keeps them.
"""

import gzip
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from tests.api.recorded.calls import CALLS
from tests.api.recorded.people import DEEDS, KEYS, PEOPLE, STAFF
from tests.api.recorded.replay import (
    ANSWERS,
    BOOK,
    CHANGED,
    SETTINGS,
    Call,
    World,
    changes_since,
    read_lines,
    replay,
    secret_of,
    write_lines,
)

IS_OLD = not (Path(__file__).parents[2] / "webapp/assembly.py").exists()


def module(name: str, old: str | None = None) -> Any:
    """Import a module of the application; `old` is its name in the old tree, where that differs."""
    name = old if old is not None and IS_OLD else name
    return import_module(f"webapp.{name}".rstrip("."))


assembly, settings = module("assembly", ""), module("settings")
clock, database = module("kernel.clock", "clock"), module("kernel.database", "database")
customer_models, staff_models = module("customers.models"), module("staff.models")


def record() -> None:
    recorded = read_lines(ANSWERS)
    if IS_OLD:
        with tempfile.TemporaryDirectory() as folder:
            make_book(Path(folder) / "book.db")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.db"
        path.write_bytes(gzip.decompress(BOOK.read_bytes()))
        with open_book(f"sqlite:///{path}") as (app, world):
            calls = new_calls(app) if IS_OLD else [Call(**line["call"]) for line in recorded]
            answers = list(replay(app.test_client(), world, calls))
    lines = [
        {"number": number, "call": asdict(call), "answer": asdict(answer)}
        for number, (call, answer) in enumerate(zip(calls, answers, strict=True), start=1)
    ]
    write_lines(*((ANSWERS, lines) if IS_OLD else (CHANGED, changes_since(lines))))


@contextmanager
def open_book(url: str) -> Iterator[tuple[Any, World]]:
    """The application on a book, with a controlled clock and controlled randomness."""
    with pytest.MonkeyPatch.context() as patch:
        world = World(patch, clock, customer_models)
        known = SETTINGS | {"GATEBOOK_DATABASE_URL": url}
        app = assembly.create_app(settings.Settings.from_environment(known))
        with app.app_context():
            upgrade()
            database.db.session.remove()
        yield app, world
        with app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()


def new_calls(app: Any) -> list[Call]:
    """The calls, with the ids of the customers in the book filled in."""
    query = "SELECT seq, id FROM customer UNION SELECT customer_seq, customer_id FROM tombstone"
    with app.app_context():
        rows = database.db.session.execute(text(query)).all()
        database.db.session.remove()
    ids = {number: str(UUID(bytes=made)) for number, made in rows}
    return [call.with_ids(ids) for call in CALLS]


def make_book(path: Path) -> None:
    """Make the book with the old code; it ends three and a half months before the first call."""
    with open_book(f"sqlite:///{path}") as (app, world), app.app_context():
        world.moment -= timedelta(days=100)
        members = hire()
        keys = {name: make_key(name, members) for name in KEYS}
        for line in PEOPLE.strip().splitlines():
            world.go_on(3 * 3600 + 17)
            register(*line.split("|"))
        for deed, number, name, said in DEEDS:
            world.go_on(120)
            do(deed, number, keys.get(name) or members[name], said)
        end()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE")
    BOOK.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def hire() -> dict[str, Any]:
    """Add the staff; returns them as actors, by name."""
    with database.writing():
        for name, role in STAFF.items():
            email = f"{name.lower()}@example.com"
            said = {"email": email, "email_key": email, "name": name, "role": role}
            said |= {"password_hash": "-", "created_at": clock.now()}
            database.db.session.add(staff_models.StaffMember(**said))
    return {
        member.name: actor("staff", member.id, member.name)
        for member in database.db.session.query(staff_models.StaffMember)
    }


def actor(kind: str, number: int | None, name: str) -> Any:
    return module("history").Actor(kind=kind, id=number, name=name, door="page")


def make_key(name: str, members: dict[str, Any]) -> Any:
    """Make a key whose secret is derived from its name; returns it as an actor."""
    scopes, owner, _ = KEYS[name]
    keys = module("staff.keys")
    by = members[owner] if owner else actor("system", None, "Operator")
    with pytest.MonkeyPatch.context() as patch:
        secret = secret_of(name).removeprefix(keys.PREFIX)
        patch.setattr(secrets, "token_urlsafe", lambda size: secret)
        key, _ = keys.create_key(name=name, scopes=scopes.split() or ["read"], by=by)
    return keys.actor_of(key, request_id="recorded")


def register(*details: str) -> None:
    names = ("first_name", "last_name", "email", "phone", "country", "reference")
    given = {name: value for name, value in zip(names, details, strict=True) if value}
    module("customers.directory").register(given, by=actor("staff", 3, "Esi"))


def do(deed: str, number: int, by: Any, said: dict[str, Any]) -> None:
    query = database.db.select(customer_models.Customer).filter_by(seq=number)
    customer = database.db.session.scalar(query)
    blacklist, review = module("customers.blacklist"), module("customers.review")
    case = module("customers.case_record").find_open(customer)
    seq = {"case_seq": case.seq} if case else {}
    deeds: dict[str, Callable[..., Any]] = {
        "blacklist": partial(blacklist.open_case, customer.id),
        "uphold": partial(review.decide, decision=review.Decision.UPHELD, **seq),
        "overturn": partial(review.decide, decision=review.Decision.OVERTURNED, **seq),
        "undo": partial(blacklist.undo, customer.id, **seq),
        "ask_for_lift": partial(blacklist.ask_for_lift, customer.id, **seq),
        "clear": partial(blacklist.clear, customer.id),
        "delete": partial(module("customers.deletion").delete_customer, customer.id),
        "change": partial(module("customers.directory").change, customer.id, said),
    }
    deeds[deed](by=by, **({} if deed == "change" else said))


def end() -> None:
    """Expire and revoke some keys, and deactivate one member."""
    now = clock.to_milliseconds(clock.now())
    with database.writing():
        for change in (
            "UPDATE api_key SET expires_at = :now WHERE name = 'expired'",
            "UPDATE api_key SET revoked_at = :now WHERE name = 'revoked'",
            "UPDATE api_key SET scopes = '[]' WHERE name = 'nothing' AND :now > 0",
            "UPDATE staff_member SET active = FALSE WHERE name = 'Kwame' AND :now > 0",
        ):
            database.db.session.execute(text(change), {"now": now})


if __name__ == "__main__":
    record()
