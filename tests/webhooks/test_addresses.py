"""Where webhooks may go: nowhere inside, in whatever way it is written."""

import socket
from ipaddress import ip_address

import pytest

from webapp.programs.webhooks import addresses
from webapp.programs.webhooks.addresses import NotPublic, addresses_of, is_public, read_url

# Of each of IANA's special-purpose ranges, its first and its last address.
SPECIAL = [
    ("0.0.0.0", "0.255.255.255"), ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"), ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"), ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"), ("192.0.2.0", "192.0.2.255"),
    ("192.31.196.0", "192.31.196.255"), ("192.52.193.0", "192.52.193.255"),
    ("192.88.99.0", "192.88.99.255"), ("192.168.0.0", "192.168.255.255"),
    ("192.175.48.0", "192.175.48.255"), ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"), ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "239.255.255.255"), ("240.0.0.0", "255.255.255.255"),
    ("::", "::1"), ("::ffff:0:0", "::ffff:ffff:ffff"), ("::ffff:8.8.8.8", "::ffff:127.0.0.1"),
    ("64:ff9b::", "64:ff9b::ffff:ffff"), ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
    ("100::", "100::ffff:ffff:ffff:ffff"), ("100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff"),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"), ("2001:db8::", "2001:db8:ffff::"),
    ("2002::", "2002:7f00:1::"), ("2620:4f:8000::", "2620:4f:8000:ffff::"),
    ("3fff::", "3fff:fff::"), ("5f00::", "5f00:ffff::"), ("fc00::", "fdff:ffff::"),
    ("fe80::", "febf:ffff::"), ("fec0::", "feff:ffff::"), ("ff00::", "ffff:ffff::"),
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.0", "192.0.3.1", "223.255.255.255"]
PUBLIC += ["2606:4700:4700::1111", "2a00:1450:4001:82a::200e", "2001:4860:4860::8888"]


@pytest.mark.parametrize("text", [text for both in SPECIAL for text in both])
def test_special_addresses_are_not_public(text):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_others_are(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://shop.example.com", "https://shop.example.com/"),
        ("  HTTPS://Shop.Example.com:8443/a?b=c ", "https://shop.example.com:8443/a?b=c"),
        ("https://bücher.example/ä?ö=%C3%A4", "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%A4"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://shop.example.com./x", "https://shop.example.com/x"),
        ("https://[2606:4700:4700::1111]/x", "https://[2606:4700:4700::1111]/x"),
    ],
)
def test_an_address_is_kept_as_it_goes_over_the_wire(typed, read):
    assert read_url(typed, loopback=False) == read
    assert read_url(read, loopback=False) == read


@pytest.mark.parametrize(
    "typed",
    [
        "http://shop.example.com/", "ftp://shop.example.com/", "//shop.example.com", "shop",
        "javascript:alert(1)", "https://", "https:///x", "https://?x", "", None, 5, ["https://x.de"],
        "https://user@shop.example.com/", "https://user:secret@shop.example.com/",
        "https://shop.example.com/#part", "https://shop.example.com:0/",
        "https://shop.example.com:99999/", "https://shop .example.com/", "https://[::1",
        "https://shop.example.com/\nHost: x", "https://" + "a" * 1000 + ".example",
        "http://[::ffff:127.0.0.1]", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
        "https://017700000001/", "https://0/", "https://[::1]/", "https://[::]/",
        "https://localhost/", "https://LOCALHOST./", "https://a.localhost/",
        "https://169.254.169.254/latest/meta-data", "https://[fe80::1]/", "https://10.0.0.1:8443/",
        "https://[64:ff9b::7f00:1]/", "https://100.100.100.200/", "https://①②⑦.0.0.1/",
        "https://[v1.a:b]/", "https://[fe80::1%25lo]/", "https://localhost。/", "https://intranet/x",
        "https://example.com/" + "б" * 300,
    ],
)  # fmt: skip
def test_what_is_inside_or_no_address_is_refused(typed):
    with pytest.raises(ValueError, match="This"):
        read_url(typed, loopback=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_allowed_for_development_alone(host):
    assert read_url(f"http://{host}:5000/x", loopback=True) == f"http://{host}:5000/x"
    with pytest.raises(ValueError, match="https"):
        read_url(f"http://{host}:5000/x", loopback=False)
    with pytest.raises(ValueError, match="https"):
        read_url("http://10.0.0.1/x", loopback=True)


def test_a_name_that_leads_inside_is_refused():
    with pytest.raises(NotPublic):
        addresses_of("localhost", 443, loopback=False)
    assert "127.0.0.1" in addresses_of("localhost", 443, loopback=True)


@pytest.mark.parametrize("answers", [["10.0.0.1"], ["8.8.8.8", "::1"], ["8.8.8.8", "fd00::1"]])
def test_one_address_inside_is_enough_to_refuse(monkeypatch, answers):
    """A name of which one answer is public; there is no name server of ours to say so."""
    known = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in answers]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: known)
    with pytest.raises(NotPublic):
        addresses_of("rebinding.example", 443, loopback=False)
