"""Schemathesis against the shipped server: a long run with `make fuzz-api`, a short
one in the suite.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support import cast
from tests.support.books import Book
from tests.support.server import running_server
from webapp.programs import api_keys
from webapp.settings import PROJECT
from webapp.staff.permissions import Scope

CONFIG = PROJECT / "tests" / "api" / "schemathesis.toml"
LONG = 500


def fuzz(book: Book, folder: Path, *, examples: int, seed: int = 1) -> tuple[int, str]:
    """Send good and bad data to every call, singly and in sequences; returns the
    exit status and the output.
    """
    with book.app.app_context():
        cast.hire()
        _, secret = api_keys.create_key(name="Fuzz", scopes=list(Scope), by=cast.actor("Adwoa"))
    with running_server(
        book.url, folder / "log", GATEBOOK_API_REQUESTS_PER_MINUTE="1000000"
    ) as address:
        words = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"]
        words += [
            f"{address}/api/v1/openapi.json",
            "--checks",
            "all",
            "--mode",
            "all",
            "--no-color",
        ]
        words += ["--max-examples", str(examples), "--seed", str(seed), "--continue-on-failure"]
        environment = os.environ | {"API_KEY": secret}
        done = subprocess.run(
            words, env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
    return done.returncode, done.stdout + done.stderr


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = Book(f"sqlite:///{folder}/book.db", folder)
        status, said = fuzz(book, folder, examples=LONG)
        book.close()
    sys.stdout.write(said)
    sys.exit(status)


if __name__ == "__main__":
    main()
