"""A gunicorn worker that slow clients cannot hold up for ever, that leaves new connections to
workers with fewer, and whose log and error responses contain no personal data.
"""

import logging
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from multiprocessing import RawArray
from typing import Any

from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.exceptions import ClientDisconnected

log = logging.getLogger("gatebook.server")

# Counted from the arrival of the connection, so that a queue of slow clients is cut off all at
# once. A head fits in one packet; a form takes a few seconds even on the slowest line. A client
# that waited long for a thread still gets LEAST_BODY_SECONDS for its body.
HEAD_SECONDS = 5.0
BODY_SECONDS = 15.0
LEAST_BODY_SECONDS = 2.0
LINGER_SECONDS = 2.0
DRAINED = 65_536
REFUSAL = (
    b"HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: text/plain; "
    b"charset=utf-8\r\nCache-Control: no-store\r\n"
    b"X-Content-Type-Options: nosniff\r\nContent-Length: %d\r\n\r\n%s"
)
# How many connections each worker holds, by its number; shared by all workers of the server.
NOBODY = -1
MAX_WORKERS = 256
_held = RawArray("i", [NOBODY] * MAX_WORKERS)
# How long a new connection is left to the others: longer than it takes them to wake up.
LEFT_TO_OTHERS_SECONDS = 0.002
NOT_UNDERSTOOD = (400, b"Bad Request", b"This request cannot be understood.\n")
FAILED = (500, b"Internal Server Error", b"Something went wrong on our side.\n")


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Each request must have arrived by its deadline; slower clients are cut off.

    A client that has sent nothing yet, or that does not hang up, costs no thread: the poller waits
    for it. Connections are kept alive, so whoever accepts one serves all of its requests; without
    `accept` the first worker to wake would hold them all, while other cores idle.
    """

    def accept(self, listener: Any) -> None:
        """Accept a connection, unless workers with fewer of them take it in time."""
        others = (count for count in _held if count != NOBODY)
        if self.nr_conns > min(others, default=self.nr_conns):
            time.sleep(LEFT_TO_OTHERS_SECONDS)
        super().accept(listener)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        # One that is stopping accepts nothing more, however few connections it still has.
        _held[_place(self)] = self.nr_conns if self.alive else NOBODY
        super().wait_for_and_dispatch_events(timeout)

    def enqueue_req(self, conn: Any) -> None:
        if not (conn.initialized or conn.data_ready):
            self._park(conn, HEAD_SECONDS, self.on_pending_socket_readable)
            return
        conn.came, conn.is_in_body = time.monotonic(), False
        conn.deadline = conn.came + HEAD_SECONDS
        super().enqueue_req(conn)

    def _park(self, conn: Any, seconds: float, when_readable: Callable[[Any, Any], None]) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(when_readable, conn))

    def finish_request(self, conn: Any, fs: Future[Any]) -> None:
        """Half-close, and wait in the poller for the client to close (RFC 9112 §9.6);
        gunicorn would block its accepting thread.
        """
        if not self.alive or fs.cancelled() or fs.exception() or fs.result() is not False:
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self._park(conn, LINGER_SECONDS, self._drain)
        except OSError:
            self._hang_up(conn)

    def _drain(self, conn: Any, client: Any) -> None:
        try:
            is_over = not client.recv(DRAINED)
        except OSError:
            is_over = True
        if is_over:
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            self._hang_up(conn)

    def _hang_up(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

    def handle(self, conn: Any) -> Any:
        _watch(conn)
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        conn.is_in_body = True
        conn.deadline = max(conn.came + BODY_SECONDS, time.monotonic() + LEAST_BODY_SECONDS)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Leave the error's text out: it quotes the request, which may hold personal data."""
        is_theirs = type(exc).__module__.startswith("gunicorn.http")
        log.warning(
            "broken request" if is_theirs else "failure", extra={"error": type(exc).__name__}
        )
        status, reason, sentence = NOT_UNDERSTOOD if is_theirs else FAILED
        try:
            client.sendall(REFUSAL % (status, reason, len(sentence), sentence))
        except OSError:
            log.debug("the client is gone")


def forget(worker: Any) -> None:
    """Forget what a worker held that has ended."""
    _held[_place(worker)] = NOBODY


def _place(worker: Any) -> int:
    return int(worker.age) % MAX_WORKERS


def _watch(conn: Any) -> None:
    """Make every read of the connection time out at its deadline; once, however many requests it
    brings.
    """
    if hasattr(conn, "is_watched"):
        return
    conn.is_watched, begin = True, conn.init

    def init() -> None:
        begin()
        unreader = getattr(conn.parser, "unreader", None)
        if unreader is not None and not hasattr(unreader, "watched"):
            unreader.chunk, unreader.watched = _in_time(conn, unreader.chunk), True

    conn.init = init


def _in_time(conn: Any, read: Callable[..., bytes]) -> Callable[..., bytes]:
    def chunk(*arguments: Any) -> bytes:
        conn.sock.settimeout(max(0.01, conn.deadline - time.monotonic()))
        try:
            return read(*arguments)
        except TimeoutError:
            log.warning("slow client cut off", extra={"in_body": conn.is_in_body})
            raise (ClientDisconnected if conn.is_in_body else NoMoreData)() from None
        finally:
            conn.sock.settimeout(None)

    return chunk
