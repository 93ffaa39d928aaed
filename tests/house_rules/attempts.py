"""Attempts to act on a case: through a page, a command or the API."""

from sqlalchemy import update

from tests.support.cast import session_token
from tests.support.strict import hidden_token
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.staff.models import StaffSession

PATHS = {
    "open": "/customers/{id}/blacklisting",
    "undo": "/customers/{id}/blacklisting/undo",
    "ask": "/customers/{id}/blacklisting/ask-for-lift",
    "lift": "/customers/{id}/blacklisting/lift",
    "uphold": "/review/{seq}",
    "overturn": "/review/{seq}",
    "undo review": "/review/undo",
    "set end": "/customers/{id}/blacklisting/end",
}
TYPED = {
    "open": {"reason": "abuse"},
    "uphold": {"decision": "upheld", "look_again_after": "90"},
    "overturn": {"decision": "overturned", "look_again_after": "90"},
    "set end": {"until": "31.12.2090 08:00"},
}


class Browsers:
    """A browser for each person, whose session survives however far the clock moves."""

    def __init__(self, book):
        self.book, self.signed_in, self.seen_at = book, {}, None

    def attempt(self, person, action, case):
        """Attempt it as a browser would; returns the status."""
        data = {"case": str(case.seq), "note": "Why.", "reviews": str(case.review_seq)}
        address = PATHS[action].format(id=case.customer.id, seq=case.seq or 1)
        return self.post(person, address, data | TYPED.get(action, {}))

    def post(self, person, address, data):
        """Send a form; returns the status."""
        client, token = self._of(person)
        return client.post(address, data=data | {"csrf_token": token}).status_code

    def _of(self, person):
        if person not in self.signed_in:
            client = self.book.app.test_client()
            client.set_cookie("gatebook", session_token(self.book.app, person))
            self.signed_in[person] = client, hidden_token(client.get("/account/password").text)
        self._stay_signed_in()
        return self.signed_in[person]

    def _stay_signed_in(self):
        now = clock.now()
        if now == self.seen_at:
            return
        self.seen_at = now
        with self.book.app.app_context(), writing():
            db.session.execute(update(StaffSession).values(created_at=now, seen_at=now))


def run(runner, action, person, case):
    name = {"ask": "ask-for-lift", "undo review": "undo-review"}.get(action, action)
    more = {"open": ["--reason", "abuse"], "ask": ["--note", "Why."], "lift": ["--note", "Why."]}
    more |= {"overturn": ["--note", "Why."]}
    email = f"{person.lower()}@example.com"
    return runner.invoke(
        args=["blacklist", name, str(case.customer.id), "--by", email, *more.get(action, [])]
    )


def set_flag(client, secret, case, flag):
    """Set or clear the flag as the program with this key."""
    path = f"/api/v1/customers/blacklist/{case.customer.id}"
    headers = {"Authorization": f"Bearer {secret}"}
    return client.post(path, json={"blacklist": flag}, headers=headers)
