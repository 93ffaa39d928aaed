"""Servers that are measured beside the shipped one: two workers each, on a port of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.server import free_port
from webapp.settings import PROJECT

# As the shipped server: two workers, four threads each.
GUNICORN = ("-m", "gunicorn", "--workers", "2", "--threads", "4", "--worker-class", "gthread",
            "--keep-alive", "5", "--no-control-socket")  # fmt: skip
STARTED_AFTER = 6.0


@contextmanager
def served(*words: str, **environment: str) -> Iterator[int]:
    """Run a Python program that serves until the end of the context, and yield its port.

    Args:
        words: What follows `python`; gunicorn is given a place to bind, others `--port`.
        environment: Such as the database to use.
    """
    port = free_port()
    place = ("--bind", f"127.0.0.1:{port}") if "gunicorn" in words else ("--port", str(port))
    process = subprocess.Popen(
        [sys.executable, *words, *place], cwd=PROJECT, env=os.environ | environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(STARTED_AFTER)
    try:
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
