"""Where roots of the log are kept outside the book: a file on another volume, the log stream, or
whoever takes them by POST.
"""

import logging
import os
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from webapp.history.book import find_fact, set_fact
from webapp.history.proofs import roots
from webapp.history.proofs.roots import Root, read_root, sign_root
from webapp.kernel import crypto
from webapp.kernel.database import writing

LOG_STREAM = "log"
SECONDS = 10
# The size of the last root that was kept everywhere.
ANCHORED = "anchored"

log = logging.getLogger("gatebook.history")


def anchor(targets: Sequence[str]) -> tuple[Root, list[str]]:
    """Sign the present root and have it kept.

    Args:
        targets: Paths of files, `http` or `https` addresses, or `log`.

    Returns:
        The root, and a sentence for each target that did not take it.
    """
    root = sign_root(after=int(find_fact(ANCHORED) or 0))
    problems = [problem for target in targets for problem in _problems_keeping(root, target)]
    if not problems:
        with writing():
            set_fact(ANCHORED, str(root.size))
    return root, problems


def _problems_keeping(root: Root, target: str) -> Iterator[str]:
    try:
        if target == LOG_STREAM:
            log.info("root of the history", extra={"root": root.line})
        elif target.startswith(("http://", "https://")):
            _post(root, target)
        else:
            _append(root, Path(target))
    except OSError as error:
        yield f"{target} did not take it: {error}"


def _post(root: Root, url: str) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, root.line.encode(), headers, method="POST")  # noqa: S310 - the operator's
    with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
        pass


def _append(root: Root, path: Path) -> None:
    """Add a line, and wait until it is on the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(root.line + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_roots(text: str) -> list[Root]:
    """The roots in a file, one line each.

    Raises:
        ValueError: a line is none.
    """
    return [read_root(line) for line in text.splitlines() if line.strip()]


def differences(known: Sequence[Root]) -> Iterator[str]:
    """Why the present log does not continue some roots; those of another key are not trusted if
    this process has the key of the book.
    """
    key = None
    with suppress(crypto.NoRootKey):
        key = crypto.public_key()
    yield from roots.differences(known, key)
