"""Settings of the shipped WSGI server: `gunicorn --config python:webapp.server wsgi:app`."""

import logging
import os
import sys
from typing import Any

from webapp.http.logs import logging_config
from webapp.kernel.database import serve_readers_first
from webapp.patient_worker import forget
from webapp.settings import LOOPBACK, Settings

_settings = Settings.from_environment()

HOST = os.environ.get("HOST", "127.0.0.1")
# A HOST that starts with "/" is the path of a Unix socket, for a proxy on this machine.
bind = f"unix:{HOST}" if HOST.startswith("/") else f"{HOST}:{os.environ.get('PORT', '8000')}"
workers = _settings.workers
worker_class = "webapp.patient_worker.PatientWorker"
threads = _settings.threads
# Loaded once, so that workers start quickly and share the memory that they never write.
preload_app = True
timeout = 60
keepalive = 5
limit_request_line = 8190
# Nobody needs to control it at run time; signals are enough.
control_socket_disable = True
# Which proxies to trust is set in one place only, GATEBOOK_TRUSTED_PROXIES.
forwarded_allow_ips = ""
# Set by `make run`, whose last lines show the address and who can sign in; no logs follow them.
_who = os.environ.pop("WHO_CAN_SIGN_IN", "")
logconfig_dict = logging_config(_settings.log_level, server_level="WARNING" if _who else "INFO")
accesslog = None

WRITERS_GIVE_UP_AFTER = 2.0


def when_ready(server: Any) -> None:  # noqa: ARG001
    """Log where this server listens,
    and warn if other machines can reach it without a proxy in between.
    """
    log = logging.getLogger("gatebook.server")
    log.info("listening", extra={"bind": bind, "workers": workers, "threads": threads})
    if not HOST.startswith("/") and HOST not in LOOPBACK:
        log.warning(
            "reachable from other machines without a proxy in between: "
            "slow clients can hold it up, and nothing is encrypted; "
            "listen on 127.0.0.1 or a socket",
            extra={"bind": bind},
        )
    _welcome(_who)


def _welcome(who: str) -> None:
    if who and not HOST.startswith("/"):
        sys.stdout.write(
            f"\nOpen http://{bind} and sign in as one of these (role, e-mail, password):\n{who}\n"
        )
        sys.stdout.flush()


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Keep at least one thread of each worker free for readers,
    and make writers give up in time.
    """
    serve_readers_first(threads=threads, seconds=WRITERS_GIVE_UP_AFTER)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    forget(worker)
