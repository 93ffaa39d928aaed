"""Files with personal data, in and out: in one folder, for the user of this process alone, and for
a day at most.
"""

import os
import re
import secrets
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

KEPT_SECONDS = 24 * 3600
NAME = re.compile(r"(import|export)-[0-9a-f]{32}")


def new_file(kind: str, folder: Path) -> tuple[str, IO[bytes]]:
    """A new file, and its name in the folder.

    Args:
        kind: `import` or `export`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{kind}-{secrets.token_hex(16)}"
    return name, open(folder / name, "x+b", opener=partial(os.open, mode=0o600))


def drop(name: str, folder: Path) -> None:
    """Forget a file."""
    if NAME.fullmatch(name):
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def forget_old(folder: Path) -> None:
    """Forget files that have been kept for a day."""
    before = time.time() - KEPT_SECONDS
    for file in folder.glob("*port-*"):
        if file.stat().st_mtime < before:
            drop(file.name, folder)
