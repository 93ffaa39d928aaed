"""Books of any size, loaded once and kept, and the files that the system has read of them."""

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


def book_of(size: int) -> tuple[str, float]:
    """The address of the book and the seconds that it took to load;
    a book that is there is used again.
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
    """Run a command on a book."""
    environment = os.environ | KEYS | {"GATEBOOK_DATABASE_URL": url}
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=PROJECT,
        env=environment,
        check=True,
    )


def forget_files() -> None:
    """Let the system forget what it has read, where it allows that."""
    with suppress(OSError):
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3")


def recall_files(url: str) -> None:
    """Let the system read a book on SQLite once, so that what follows does not measure its disk.

    By another process: a file that this one opens and closes would take the locks of its
    connections along.
    """
    if url.startswith("sqlite"):
        subprocess.run(
            ["cat", url.removeprefix("sqlite:///")], stdout=subprocess.DEVNULL, check=True
        )
