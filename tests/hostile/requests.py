"""Hostile requests, drawn from the route table with a seed: every route, method, parameter and
header, by everybody.

`python -m tests.hostile` sends 100,000 of them; the test in the suite sends a few thousand.
"""

import gc
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psutil
from flask import Flask
from werkzeug.test import TestResponse

from tests.support import cast
from tests.support.strict import PARTIAL
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.staff.permissions import Scope

MAX_CPU_SECONDS = 0.25
RENEWED_AFTER = 250
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")
NUMBERS = (
    "0",
    "-1",
    "1",
    "2",
    "99999999999",
    "9" * 30,
    "1e9",
    "1_0",
    " 5",
    "٣",
    "0x10",
    "NaN",
    "2147483648",
    "-0",
    "",
)
TEXTS = (
    "", " ", "'", '"', "%", "_", "\\", "%00", "\x00", "\x1b[31m", "a\r\nX-Evil: 1", "\ud800",
    "\u202e", "\u200b", "\ufeff", "../../etc/passwd", "{{7*7}}", "${7*7}", "%s%n", "' OR 1=1 --",
    "<script>alert(1)</script>", "javascript:alert(1)", "=1+1", "💥" * 50, "a" * 300, "a" * 5_000,
    "ﷺ" * 200, "ä" + "\u0301" * 500, "2026-13-45", "9999-99-99T99:99", "+" * 100, "0" * 100,
    "-" * 200, "@" * 50, "a@b", "a@b.c" * 40, "null", "true", "[]", "{}", "İ" * 99,
    "CUS-" + "O" * 10, "+234" * 9, "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "1-2-3-99999999999999999999", "//evil.example", "/\t/evil.example", "٠" * 40,
)  # fmt: skip
HEADERS = (
    "X-Request-Id", "If-Match", "If-None-Match", "Idempotency-Key", "HX-Request", "HX-Request-Type",
    "HX-Current-URL", "Accept-Encoding", "Content-Type", "Cookie", "Authorization", "Origin",
    "Referer", "Sec-Fetch-Site", "X-Forwarded-For", "X-CSRFToken", "Host", "Range",
    "X-HTTP-Method-Override", "Content-Encoding", "Accept", "Forwarded",
)  # fmt: skip
NAMES = (
    "q", "s", "page", "take", "order", "rows", "sort", "standing", "dial_code", "created_from",
    "created_to", "before", "at", "case", "cases", "note", "reason", "evidence", "decision",
    "reviews", "return_to", "which", "opener", "next", "email", "password", "code", "pending",
    "carried", "time_zone", "first_name", "last_name", "phone", "country", "version", "customer_id",
    "asked", "keep_phone", "role", "roles", "name", "scopes", "expires_on", "theme", "density",
    "session", "other", "form_owner", "search", "blacklist", "countryCode", "createdFrom",
    "updatedTo", "reference", "done", "first", "look_again_after", "current_password",
    "new_password", "sealed", "firstName", "customers", "id", "blacklistReason",
)  # fmt: skip


@dataclass
class Outcome:
    """What came of the requests.

    Attributes:
        failures: Requests answered with 5xx or too slowly, as they were sent.
    """

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    longest: float = 0.0
    failures: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def note(self, status: int, spent: float, call: str) -> None:
        self.sent += 1
        self.statuses[status] += 1
        self.longest = max(self.longest, spent)
        if status >= 500 or spent > MAX_CPU_SECONDS:
            self.failures.append(f"{status} after {spent:.3f} s as {call}")


class Attacker:
    """Sends requests to an application whose staff and customers it knows."""

    def __init__(self, app: Flask, customer_ids: list[str], seed: int) -> None:
        self.app, self.ids, self.random = app, customer_ids, Random(seed)
        self.rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
        self.tokens: dict[str | None, str] = {}
        self.secret = ""

    def attack(self, number: int) -> Outcome:
        outcome = Outcome()
        for count in range(number):
            if count % RENEWED_AFTER == 0:
                self._renew()
                gc.collect()
                outcome.memory.append(psutil.Process().memory_info().rss)
            self._send_one(outcome)
        return outcome

    def _renew(self) -> None:
        """Sign everybody in again: some requests end sessions, deactivate members or
        revoke keys.
        """
        with self.app.app_context():
            for name in cast.ROLES:
                member = (
                    db.session.query(cast.StaffMember)
                    .filter_by(email=f"{name.lower()}@example.com")
                    .one()
                )
                member.active, member.role, member.name, member.must_change_password = (
                    True,
                    cast.ROLES[name],
                    name,
                    False,
                )
                member.totp_secret = None
            db.session.commit()
            self.tokens = {name: cast.session_token(self.app, name) for name in cast.ROLES} | {
                None: ""
            }
            name = f"Attack {self.random.getrandbits(60)}"
            self.secret = api_keys.create_key(name=name, scopes=[*Scope], by=cast.actor("Adwoa"))[1]
            db.session.remove()

    def _send_one(self, outcome: Outcome) -> None:
        rule, who = self.random.choice(self.rules), self.random.choice(list(self.tokens))
        usual = sorted(rule.methods - {"HEAD", "OPTIONS"})
        method = (
            self.random.choice(usual) if self.random.random() < 0.8 else self.random.choice(METHODS)
        )
        call = {"method": method, "path": self._path(rule), "query_string": self._pairs(2)}
        call |= {
            "headers": self._headers(rule.rule.startswith("/api"), who),
            **self._body(rule, method, who),
        }
        begun = time.thread_time()
        try:
            status = self._open(call).status_code
        except (ValueError, UnicodeError, KeyError):
            return  # the test client itself refuses to send this
        outcome.note(status, time.thread_time() - begun, f"{who}: {ascii(call)[:600]}")

    def _open(self, call: dict[str, Any]) -> TestResponse:
        return self.app.test_client(use_cookies=False).open(**call)

    def _path(self, rule: Any) -> str:
        path = rule.rule
        for name, converter in rule._converters.items():
            kind = type(converter).__name__
            values = (
                self.ids
                if "UUID" in kind
                else NUMBERS
                if "Integer" in kind
                else (*self.ids, *TEXTS)
            )
            text = self.random.choice([*values, self.random.choice(TEXTS)])
            spelled = next(
                part for part in path.split("<")[1:] if part.split(">")[0].endswith(name)
            ).split(">")[0]
            path = path.replace(f"<{spelled}>", text)
        return path if path.startswith("/") else "/" + path

    def _pairs(self, most: int) -> list[tuple[str, str]]:
        return [
            (self.random.choice(NAMES), self.random.choice([*NUMBERS, *TEXTS, *self.ids[:3]]))
            for _ in range(self.random.randint(0, most))
        ]

    def _headers(self, is_api: bool, who: str | None) -> list[tuple[str, str]]:
        headers = [("Cookie", f"gatebook={self.tokens[who]}")] if self.tokens[who] else []
        headers += (
            [("Authorization", f"Bearer {self.secret}")]
            if is_api and self.random.random() < 0.9
            else []
        )
        headers += list(PARTIAL.items()) if self.random.random() < 0.3 else []
        for _ in range(self.random.choice((0, 0, 1, 2))):
            text = (
                self.random.choice([*NUMBERS, *TEXTS])
                .encode("latin-1", "replace")
                .decode("latin-1")
            )
            headers.append(
                (self.random.choice(HEADERS), "".join(c for c in text if c not in "\r\n\0"))
            )
        return headers

    def _body(self, rule: Any, method: str, who: str | None) -> dict[str, Any]:
        if method in ("GET", "HEAD", "OPTIONS"):
            return {}
        if rule.rule.startswith("/api"):
            return {
                "data": self._json(),
                "content_type": self.random.choice(["application/json"] * 9 + ["text/plain"]),
            }
        form = self._pairs(8)
        if self.tokens[who] and self.random.random() < 0.9:
            from webapp.kernel import crypto

            form.append(
                (
                    "csrf_token",
                    _csrf(self.app, crypto.fingerprint("csrf", self.tokens[who].encode()).hex()),
                )
            )
        encoded = [(name, text.encode(errors="replace").decode()) for name, text in form]
        return {"data": _as_form(encoded), "content_type": "application/x-www-form-urlencoded"}

    def _json(self) -> bytes:
        odd = (
            b"",
            b"{",
            b"[]",
            b"[" * 20_000,
            b"\xff\xfe",
            b'{"a":1,"a":2}',
            b"NaN",
            b'"x"',
            b"9" * 5_000,
            b"\xef\xbb\xbf{}",
        )
        if self.random.random() < 0.15:
            return self.random.choice(odd)
        values: list[Any] = [
            *NUMBERS,
            *TEXTS,
            None,
            True,
            1,
            -1,
            1e300,
            [],
            {},
            [{}] * 600,
            {"a": {"b": []}},
        ]
        said = {
            self.random.choice(NAMES): self.random.choice(values)
            for _ in range(self.random.randint(0, 6))
        }
        return json.dumps(said).encode()


def _csrf(app: Flask, raw: str) -> str:
    from itsdangerous import URLSafeTimedSerializer

    return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw))


def _as_form(pairs: list[tuple[str, str]]) -> bytes:
    from urllib.parse import urlencode

    return urlencode(pairs).encode()
