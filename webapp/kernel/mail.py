"""Sending e-mail through the SMTP server (RFC 5321) that a URL names."""

import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from webapp.kernel.fields import email_domain, read_email

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
    settings = dict(setting.partition("=")[::2] for setting in parts.query.split("&"))
    if parts.scheme not in PORTS or not parts.hostname or parts.port == 0:
        raise ValueError(url)
    return read_email(unquote(settings.get("from", "")))


def send(url: str, messages: Iterable[EmailMessage]) -> list[str]:
    """Send messages over one connection; returns the addresses that the server refused.

    Args:
        url: As for `sender_in`; it has been checked.

    Raises:
        OSError: the server cannot be reached, or takes no mail from us (`SMTPException` is one).
    """
    sender, refused = sender_in(url), []
    with _connected(url) as server:
        for message in messages:
            message["From"], message["Date"] = sender, formatdate()
            message["Message-ID"] = make_msgid(domain=email_domain(sender))
            try:
                server.send_message(message)
            except (
                smtplib.SMTPRecipientsRefused,
                smtplib.SMTPDataError,
                smtplib.SMTPNotSupportedError,
            ):
                refused.append(str(message["To"]))
    return refused


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    is_secret = parts.scheme == "smtps"
    if is_secret:
        tls = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=tls)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    with server:
        server.ehlo()
        if not is_secret and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            is_secret = True
        if parts.username and not is_secret:
            raise smtplib.SMTPNotSupportedError(
                "It offers no TLS, so the password is not sent; use smtps:// or leave it out"
            )
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
