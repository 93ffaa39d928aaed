"""The daily e-mail, sent to a real SMTP server."""

from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.controller import Controller

from tests.support.books import settings_for
from tests.support.cast import actor, add, hire, member
from tests.support.commands import run
from tests.support.server import free_port
from webapp.blacklist import opening
from webapp.blacklist.reviewing import digest, review
from webapp.kernel import clock
from webapp.kernel.database import writing
from webapp.kernel.mail import sender_in
from webapp.programs.webhooks import endpoints
from webapp.programs.webhooks.models import Off
from webapp.settings import SettingsError
from webapp.staff import account


class Inbox:
    def __init__(self):
        self.mail, self.unknown = {}, set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.unknown:
            return "550 Nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 Known"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        [reader] = envelope.rcpt_tos
        self.mail[reader] = message_from_bytes(envelope.content)
        return "250 Taken"


@pytest.fixture
def inbox(book):
    inbox = Inbox()
    port = free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    with_mail(book, f"smtp://127.0.0.1:{port}?from=gatebook@example.com")
    yield inbox
    server.stop()
    with_mail(book, "")


def with_mail(book, url):
    book.app.config["SMTP_URL"] = url


@pytest.fixture
def kofi(book):
    with book.app.app_context():
        hire()
        kofi = add()
        case = opening.open_case(kofi.id, reason="fraud", note="Two cards", by=actor("Esi")).case
        review.lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Ama"))
        ada = add(email="ada@example.com", phone=None, first_name="Ada")
        opening.open_case(ada.id, reason="fraud", by=actor("Esi"))
        return kofi


def test_each_hears_what_waits_for_them_and_nothing_personal(book, inbox, kofi):
    assert run(book, "staff", "send-digest") == (0, "3 sent.\n")
    assert sorted(inbox.mail) == ["adwoa@example.com", "ama@example.com", "esi@example.com"]
    esi, ama = (inbox.mail[f"{name}@example.com"].get_payload() for name in ("esi", "ama"))
    assert "Decisions about what you asked for: 1" in esi
    assert "need review" not in esi
    assert "Blacklistings that need review: 1" in ama
    for text in (esi, ama):
        assert "http://127.0.0.1" in text
        for personal in ("Kofi", "Ada", "Annan", "Two cards", "233", "@"):
            assert personal not in text


def test_admins_hear_of_webhooks_that_failed(book, inbox, kofi):
    with book.app.app_context():
        raw, adwoa = {"url": "https://shop.example.com/"}, actor("Adwoa")
        one = endpoints.add_endpoint(raw, by=adwoa, loopback=False)[0]
        endpoints.switch_off(one.id, by=adwoa, why=Off.FAILING)
    run(book, "staff", "send-digest")
    off = "switched off because they failed: 1"
    told = {name: off in mail.get_payload() for name, mail in inbox.mail.items()}
    assert told == {"adwoa@example.com": True, "ama@example.com": False, "esi@example.com": False}


def test_each_mail_has_what_mail_must_have(book, inbox, kofi):
    run(book, "staff", "send-digest")
    mail = inbox.mail["ama@example.com"]
    assert (mail["To"], mail["From"]) == ("ama@example.com", "gatebook@example.com")
    assert parsedate_to_datetime(mail["Date"]).date() == clock.now().date()
    assert mail["Message-ID"].endswith("@example.com>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert len({one["Message-ID"] for one in inbox.mail.values()}) == 3


def test_one_whom_the_server_refuses_keeps_nobody_else_from_theirs(book, inbox, kofi):
    inbox.unknown.add("ama@example.com")
    status, output = run(book, "staff", "send-digest")
    assert sorted(inbox.mail) == ["adwoa@example.com", "esi@example.com"]
    assert (status, output.splitlines()[0]) == (1, "2 sent.")
    assert "refused: ama@example.com" in output


def test_who_may_read_only_is_told_of_nothing(book, inbox, kofi):
    with book.app.app_context(), writing():
        member("Esi").role = "viewer"
    run(book, "staff", "send-digest")
    assert "esi@example.com" not in inbox.mail


def test_a_password_is_not_sent_without_tls(book, inbox, kofi):
    with_mail(book, book.app.config["SMTP_URL"].replace("smtp://", "smtp://user:secret@"))
    status, output = run(book, "staff", "send-digest")
    assert (status, "It offers no TLS" in output, inbox.mail) == (1, True, {})
    assert "secret" not in output


def test_more_than_are_counted_are_not_said_to_be_exact():
    assert [digest.counted(number) for number in (1, 999, 1_000)] == ["1", "999", "more than 999"]


def test_who_does_not_want_it_gets_none(book, inbox, kofi):
    with book.app.app_context():
        account.change_preferences(
            staff_id=member("Esi").id,
            theme="system",
            density="comfortable",
            time_zone="",
            single_keys=True,
            wants_digest=False,
        )
        with writing():
            member("Ama").active = False
    assert run(book, "staff", "send-digest") == (0, "1 sent.\n")


def test_nothing_is_sent_when_nothing_waits(book, inbox):
    with book.app.app_context():
        hire()
    assert run(book, "staff", "send-digest") == (0, "0 sent.\n")
    assert inbox.mail == {}


def test_without_a_server_or_with_one_that_is_away_a_sentence_says_so(book, kofi):
    status, output = run(book, "staff", "send-digest")
    assert (status, "GATEBOOK_SMTP_URL is not set" in output) == (1, True)
    with_mail(book, "smtp://127.0.0.1:9?from=gatebook@example.com")
    status, output = run(book, "staff", "send-digest")
    with_mail(book, "")
    assert (status, "The mail server did not take it" in output) == (1, True)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://mail.example.com?from=a@example.com",
        "smtp://?from=a@example.com",
        "smtp://mail.example.com",
        "smtp://mail.example.com:0?from=a@example.com",
        "smtp://mail.example.com:x?from=a@example.com",
        "smtp://mail.example.com?from=gatebook desk@example.com",
        "smtp://[bad?from=a@example.com",
    ],
)
def test_a_server_that_cannot_be_meant_is_refused_at_the_start(url, tmp_path):
    with pytest.raises(SettingsError, match="GATEBOOK_SMTP_URL must look like"):
        settings_for(f"sqlite:///{tmp_path}/book.db", GATEBOOK_SMTP_URL=url)


def test_a_server_is_named_with_its_sender():
    assert sender_in("smtps://u:p%40@mail.example.com?from=a@example.com") == "a@example.com"
    assert sender_in("smtp://mail.example.com?from=a+b%40example.com") == "a+b@example.com"
