"""One attempt: whatever the other side does, it ends in time and says what was wrong."""

import socket
import time

import pytest
import trustme

from tests.support.receivers import receiving
from tests.webhooks.hostile import (
    a_gigabyte,
    endless_continue,
    endless_headers,
    nothing,
    slow_body,
    slow_headers,
)
from webapp.programs.webhooks import posting
from webapp.programs.webhooks.posting import MOST_KEPT, post


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(posting, "SECONDS", 1.0)


def send(receiver, **headers):
    return post(receiver.address, b'{"a": 1}', headers, loopback=True)


def test_the_message_comes_as_it_was_sent():
    with receiving(status=200) as receiver:
        answer = send(receiver, **{"webhook-id": "msg_1"})
    [message] = receiver.messages
    assert (answer.status, answer.problem, answer.is_good) == (200, "", True)
    assert (message.body, message.id, message.path) == (b'{"a": 1}', "msg_1", "/hook")
    assert f"http://{message.headers['host']}/hook" == receiver.address


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503])
def test_other_answers_are_problems(status):
    def lead_inside(_, handler):
        handler.send_response(status)
        handler.send_header("Location", elsewhere.address)
        handler.end_headers()

    with receiving() as elsewhere, receiving(answering=lead_inside) as receiver:
        answer = send(receiver)
    assert (answer.status, answer.is_good) == (status, False)
    assert str(status) in answer.problem
    assert not elsewhere.messages, "no redirect is followed"


@pytest.mark.parametrize(
    ("answering", "problem"),
    [
        (a_gigabyte, ""),
        (slow_body, ""),
        (slow_headers, "No answer within"),
        (nothing, "No answer within"),
        (endless_headers, "Its answer is too long"),
        (endless_continue, "No answer within"),
    ],
)
def test_it_is_cut_in_time(hurried, answering, problem):
    with receiving(answering=answering) as receiver:
        began = time.monotonic()
        answer = send(receiver)
        assert time.monotonic() - began < 2
    assert answer.problem.startswith(problem)
    assert answer.is_good is (problem == "")
    assert len(answer.text) <= MOST_KEPT


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (b"", "Its answer is not HTTP"),
        (b"SSH-2.0-OpenSSH\r\n", "Its answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "Its answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc", ""),
    ],
)
def test_odd_answers(said, problem):
    def answering(_, handler):
        handler.wfile.write(said)
        handler.close_connection = True

    with receiving(answering=answering) as receiver:
        answer = send(receiver)
    assert answer.problem == problem


def test_an_answer_is_kept_as_text_that_pages_can_show():
    def answering(_, handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"a\0b\xff\n" + b"y" * 2_000)

    with receiving(answering=answering) as receiver:
        assert send(receiver).text.startswith("a\ufffdb\ufffd\nyyy")


@pytest.fixture
def authority(tmp_path, monkeypatch):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    posting._tls.cache_clear()
    yield authority
    posting._tls.cache_clear()


def test_the_certificate_must_be_that_of_the_name(authority):
    with receiving(authority=authority) as receiver:
        assert send(receiver).is_good
    with receiving(authority=authority, name="other.example") as receiver:
        answer = send(receiver)
    assert answer.problem.startswith("Its certificate is not valid: Hostname mismatch")
    assert not receiver.messages
    with receiving(authority=trustme.CA()) as receiver:
        assert send(receiver).problem.startswith("Its certificate is not valid")


def test_the_name_is_resolved_once_and_the_connection_goes_to_that_address(monkeypatch, authority):
    """A name server that changes its mind after the first answer (DNS rebinding)."""
    asked, resolve = [], socket.getaddrinfo

    def rebinding(host, *rest, **more):
        asked.append(host)
        return resolve("192.0.2.1" if asked.count("localhost") > 1 else host, *rest, **more)

    monkeypatch.setattr(posting.socket, "getaddrinfo", rebinding)
    with receiving(authority=authority) as receiver:
        assert send(receiver).is_good
    assert asked.count("localhost") == 1


def test_no_proxy_is_asked(monkeypatch):
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        assert send(receiver).is_good
    assert not proxy.messages


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://127.0.0.1:1/", "It refused the connection"),
        ("https://nobody.invalid/", "The name is not known"),
    ],
)
def test_nobody_there(url, problem):
    assert post(url, b"", {}, loopback=True).problem == problem


def test_this_machine_is_not_called_unless_it_is_allowed():
    with receiving() as receiver:
        answer = post(receiver.address, b"{}", {}, loopback=False)
    assert "not on the public internet" in answer.problem
    assert not receiver.messages
