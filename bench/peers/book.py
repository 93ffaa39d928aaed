"""The customers of a Gatebook as one plain table with an index for each thing that is asked."""

import hashlib
import sqlite3
from pathlib import Path

from bench.books import FOLDER

SECRET = "a-key-of-256-random-bits-as-long-as-ours-are-0123456789"
DURABLE = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "cache_size=-10000")
TABLES = """
    CREATE TABLE customer (
        id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, reference TEXT NOT NULL UNIQUE,
        first_name TEXT, last_name TEXT, email TEXT NOT NULL UNIQUE, phone TEXT, dial_code TEXT,
        blacklisted BOOLEAN NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    );
    CREATE TABLE api_key (secret_hash TEXT PRIMARY KEY, name TEXT NOT NULL);
"""
INDEXES = ("created_at", "updated_at", "last_name", "phone", "dial_code", "blacklisted")
COPY = """
    INSERT INTO customer
    SELECT seq, lower(hex(id)), reference, first_name, last_name, email, phone, dial_code,
        blacklisted, created_at, updated_at FROM gatebook.customer
"""


def peer_book(size: int) -> Path:
    """A copy of the Gatebook of this size, made once."""
    path = FOLDER / str(size) / "peers.db"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        connection = sqlite3.connect(unfinished, isolation_level=None)
        connection.executescript(TABLES)
        connection.execute("ATTACH ? AS gatebook", (str(path.with_name("book.db")),))
        connection.execute(COPY)
        for name in INDEXES:
            connection.execute(f"CREATE INDEX ix_customer_{name} ON customer ({name})")
        digest = hashlib.sha256(SECRET.encode()).hexdigest()
        connection.execute("INSERT INTO api_key VALUES (?, 'Shop')", (digest,))
        connection.execute("ANALYZE")
        connection.close()
        unfinished.rename(path)
    return path


def make_durable(connection: sqlite3.Connection, *_: object) -> None:
    """The settings of Gatebook's own connections."""
    for setting in DURABLE:
        connection.execute(f"PRAGMA {setting}")
