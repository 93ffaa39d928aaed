"""Posts one message, within ten seconds, to an address that was judged; follows nothing, and asks
no proxy.
"""

import io
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from webapp.kernel.fields import printable
from webapp.programs.webhooks.addresses import PORTS, NotPublic, addresses_of

SECONDS = 10.0
MOST_READ, MOST_KEPT = 100_000, 1_000  # bytes, of headers and body


@dataclass(frozen=True)
class Answer:
    """What came of an attempt.

    Attributes:
        status: `None` if there was no answer.
        text: Its beginning.
        problem: Why it was not delivered; empty if it was.
    """

    status: int | None
    text: str
    problem: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        return not self.problem


def post(url: str, body: bytes, headers: Mapping[str, str], *, loopback: bool) -> Answer:
    """Post a message; whatever goes wrong is in the answer.

    Args:
        loopback: Whether this machine is allowed.
    """
    began = monotonic()
    status, text, problem = None, "", ""
    try:
        status, text = _exchange(url, body, headers, began + SECONDS, loopback=loopback)
        problem = _problem_of(status)
    except (OSError, HTTPException, ValueError) as error:
        problem = _in_words(error)
    return Answer(status, text, problem, round((monotonic() - began) * 1000))


def _exchange(
    url: str, body: bytes, headers: Mapping[str, str], deadline: float, *, loopback: bool
) -> tuple[int, str]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    line = _connected(host, port, deadline, secure=secure, loopback=loopback)
    try:
        connection: Any = HTTPConnection(host, port)
        connection.default_port = PORTS[parts.scheme]  # which `Host` leaves out
        connection.auto_open = 0  # it must never resolve the name by itself
        connection.sock = line
        connection.request("POST", target, body, dict(headers))
        response = connection.getresponse()
        return response.status, _beginning(response)
    finally:
        line.hang_up()


def _connected(host: str, port: int, deadline: float, *, secure: bool, loopback: bool) -> "_Line":
    known = addresses_of(host, port, loopback=loopback)
    for place, address in enumerate(known):
        try:
            share = _left(deadline) / (len(known) - place)
            line = socket.create_connection((address, port), timeout=share)
            break
        except OSError:
            if place == len(known) - 1:
                raise
    try:
        line.settimeout(_left(deadline))
        return _Line(_tls().wrap_socket(line, server_hostname=host) if secure else line, deadline)
    except BaseException:
        line.close()
        raise


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class TooLong(OSError):
    """The other side sends more than anybody reads."""


class _Line(io.RawIOBase):
    """A connection whose reads and writes all together end at a deadline, however slowly its other
    side sends, and after so many bytes. It stays open until `hang_up`: `http.client` closes it
    before an answer is read.
    """

    def __init__(self, line: socket.socket, deadline: float) -> None:
        super().__init__()
        self._line, self._deadline, self._may_read = line, deadline, MOST_READ

    def sendall(self, content: bytes) -> None:
        self._line.settimeout(_left(self._deadline))
        self._line.sendall(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._may_read <= 0:
            raise TooLong
        self._line.settimeout(_left(self._deadline))
        read = self._line.recv_into(buffer, min(len(buffer), self._may_read))
        self._may_read -= read
        return read

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Nothing yet."""

    def hang_up(self) -> None:
        self._line.close()


def _beginning(response: HTTPResponse) -> str:
    """The beginning of the body, read no further than it may be; what comes late is left out."""
    content = b""
    with suppress(OSError, HTTPException):
        while part := response.read1(MOST_READ):
            content += part
    text = content[:MOST_KEPT].decode(errors="replace")
    return printable(text, instead="\ufffd", lines=True)


def _problem_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}: redirects are not followed"
    return f"It answered {status}"


def _in_words(error: Exception) -> str:
    if isinstance(error, NotPublic):
        return "The name leads to an address that is not on the public internet"
    if isinstance(error, TooLong):
        return "Its answer is too long"
    if isinstance(error, TimeoutError):
        return f"No answer within {SECONDS:.0f} seconds"
    if isinstance(error, socket.gaierror):
        return "The name is not known"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not valid: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "It does not speak TLS as we do"
    if isinstance(error, ConnectionRefusedError):
        return "It refused the connection"
    if isinstance(error, HTTPException):
        return "Its answer is not HTTP"
    return "The connection failed"
