"""Where messages may go: `https` addresses of the public internet, and nothing inside.

A name is resolved once for each attempt, and the connection goes to the very address that was
judged, so that a name that changes its mind meanwhile (DNS rebinding) leads nowhere else.
"""

import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import SplitResult, quote, urlsplit

import idna

from webapp.kernel.fields import read_text

MAX_URL_LENGTH = 1_000
PORTS = {"https": 443, "http": 80}
# What stays as it is in a path or a query (RFC 3986), with what is encoded already.
AS_WRITTEN = "/%:@!$&'()*+,;=~-._?"
LOCAL = ("localhost", "127.0.0.1", "::1")
# All of IANA's special-purpose IPv4 ranges (RFC 6890 and later), with multicast and what is
# reserved.
_SPECIAL_4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
    "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
# Of IPv6 only global unicast is public, which leaves out mapped IPv4 and NAT64; and of that not
# IANA's special ranges: Teredo, ORCHID, documentation, 6to4, AS112.
_PUBLIC_6 = "2000::/3"
_SPECIAL_6 = ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
_NOT_PUBLIC = [ipaddress.ip_network(text) for text in (*_SPECIAL_4, *_SPECIAL_6)]
_GLOBAL_6 = ipaddress.ip_network(_PUBLIC_6)


class NotPublic(OSError):
    """An address that is inside, or is no address that anybody outside has."""


def read_url(raw: object, *, loopback: bool) -> str:
    """The address of an endpoint.

    Args:
        loopback: Whether this machine is allowed, and `http` to it: for development.

    Raises:
        ValueError: It says what is wrong.
    """
    text = read_text(raw)
    parts = _parts(text)
    host = parts.hostname or ""
    is_local = loopback and host in LOCAL
    if parts.scheme != "https" and not (is_local and parts.scheme == "http"):
        raise ValueError("This must begin with https://")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("This must have no user, no password and no #")
    if len(text) > MAX_URL_LENGTH or any(letter.isspace() for letter in text):
        raise ValueError(f"This must have no spaces, and at most {MAX_URL_LENGTH:,} characters")
    with suppress(ValueError, NotPublic):
        rebuilt = _rebuilt(parts)
        _refuse_inside(_written_out(urlsplit(rebuilt).hostname or ""), loopback=loopback)
        if len(rebuilt) <= MAX_URL_LENGTH:
            return rebuilt
    raise ValueError("This is not an address on the public internet")


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        if parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise ValueError("This must look like https://shop.example.com/gatebook")


def _rebuilt(parts: SplitResult) -> str:
    """The address in ASCII, as it goes over the wire.

    Raises:
        ValueError: no host on the internet is named like that.
    """
    port = f":{parts.port}" if parts.port else ""
    path, query = (quote(text, safe=AS_WRITTEN) for text in (parts.path or "/", parts.query))
    netloc = _host(parts.hostname or "") + port
    return parts._replace(netloc=netloc, path=path, query=query).geturl()


def _host(text: str) -> str:
    if ":" in text:
        ip = ipaddress.IPv6Address(text)
        if ip.scope_id:
            raise ValueError("a zone means nothing elsewhere")
        return f"[{ip}]"
    name = idna.encode(text, uts46=True).decode().rstrip(".")
    if not _written_out(name) and "." not in name and name != "localhost":
        raise ValueError("a name without a dot is nobody's on the internet")
    return name


def _written_out(host: str) -> Sequence[str]:
    """The address that a host is, in whatever form, or that of a name of this machine; nothing, if
    it is another name.
    """
    if f".{host}".endswith(".localhost"):
        return ["127.0.0.1"]
    try:
        return _resolved(host, 443, socket.AI_NUMERICHOST)
    except OSError:
        return ()


def addresses_of(host: str, port: int, *, loopback: bool) -> Sequence[str]:
    """The IP addresses of a host, all of which are public.

    Raises:
        NotPublic: one of them is not.
        OSError: the name is not known.
    """
    known = _resolved(host, port, 0)
    _refuse_inside(known, loopback=loopback)
    return known


def _resolved(host: str, port: int, flags: int) -> Sequence[str]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _refuse_inside(known: Sequence[str], *, loopback: bool) -> None:
    for text in known:
        ip = ipaddress.ip_address(text)
        if not is_public(ip) and not (loopback and ip.is_loopback):
            raise NotPublic(text)


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether anybody on the internet can have this address."""
    if ip.version == 6 and ip not in _GLOBAL_6:
        return False
    return not any(ip.version == net.version and ip in net for net in _NOT_PUBLIC)
