"""Books of any size, loaded once and kept, and control of the system's file cache."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.support.books import KEYS
from webapp.settings import PROJECT

FOLDER = PROJECT / "build" / "bench"
WITHOUT_LIMITS = {
    "GATEBOOK_API_REQUESTS_PER_MINUTE": "1000000",
    "GATEBOOK_RECORDS_PER_HOUR": "10000000",
}


def book_of(size: int) -> tuple[str, float]:
    """Load a book of this size, or reuse the existing one; its URL and the seconds it
    took to load.
    """
    folder = FOLDER / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    url, told = f"sqlite:///{folder}/book.db", folder / "load.json"
    flask(url, "db", "upgrade")
    if not told.exists():
        begun = time.monotonic()
        flask(url, "sample-data", "--customers", str(size))
        told.write_text(json.dumps({"seconds": time.monotonic() - begun}))
    return url, json.loads(told.read_text())["seconds"]


def flask(url: str, *words: str) -> None:
    """Run a Flask command against a book."""
    environment = os.environ | KEYS | {"GATEBOOK_DATABASE_URL": url}
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=PROJECT,
        env=environment,
        check=True,
    )


def forget_files() -> None:
    """Drop the system's file cache, where that is permitted."""
    with suppress(OSError):
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3")


def recall_files(url: str) -> None:
    """Read a SQLite book into the file cache once, so that the benchmark does not measure the disk.

    Done in another process: if this one opened and closed the file, its connections
    would lose their locks.
    """
    if url.startswith("sqlite"):
        subprocess.run(
            ["cat", url.removeprefix("sqlite:///")], stdout=subprocess.DEVNULL, check=True
        )
