"""Sending e-mail through the SMTP server (RFC 5321) that a URL names."""

import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


def sender_in(url: str) -> str:
    """The address from which a server's mail comes.

    Args:
        url: `smtps://user:password@host:465?from=gatebook@example.com`, or `smtp://` for a server
            that begins in clear text and is asked for TLS if it offers it.

    Raises:
        ValueError: it names no server or no sender.
    """
    parts = urlsplit(url)
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme not in PORTS or not parts.hostname or "@" not in sender or parts.port == 0:
        raise ValueError(url)
    return sender


def send(url: str, messages: Iterable[EmailMessage]) -> None:
    """Send messages over one connection.

    Args:
        url: As for `sender_in`; it has been checked.

    Raises:
        OSError: the server cannot be reached, or refuses (`SMTPException` is one).
    """
    sender = sender_in(url)
    with _connected(url) as server:
        for message in messages:
            message["From"] = sender
            server.send_message(message)


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(url)
    host, port, tls = parts.hostname or "", parts.port or PORTS[parts.scheme], None
    if parts.scheme == "smtps":
        tls = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=tls)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    with server:
        server.ehlo()
        if tls is None and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if parts.username:
            # Over a connection without TLS the server does not offer it, and this raises.
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
