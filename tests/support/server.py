"""The shipped server with two workers on a free port: what people and programs actually use."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.books import KEYS
from webapp.settings import PROJECT

PATIENCE = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(
    database_url: str, log: Path, *, application: str = "wsgi:app", **settings: str
) -> Iterator[str]:
    """Run the server on a book until the end of the context.

    Args:
        log: The file for its log.
        application: The WSGI application; benchmarks serve one with more pages.

    Yields:
        Its address, such as `http://127.0.0.1:12345`.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    of_this_server = {
        "GATEBOOK_DATABASE_URL": database_url,
        "GATEBOOK_PUBLIC_URL": address,
        "PORT": str(port),
    }
    environment = os.environ | KEYS | of_this_server | settings
    environment.pop("GATEBOOK_LONG_PROOFS", None)  # of the tests
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.server", application]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment | {"PORT": str(port)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_ready(address, process, log)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}/readyz", timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")
