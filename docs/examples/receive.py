"""Receives webhooks of Gatebook: pip install standardwebhooks, then python receive.py 8080

Needs WEBHOOK_SECRET (whsec_…); in front of it, something that speaks HTTPS. Each message may come
twice, so it remembers their ids; what it has not stored it does not confirm, and gets it again.
"""

import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

MOST_BYTES = 100_000
STORE = os.environ.get("WEBHOOK_STORE", "messages.db")


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if 0 < length <= MOST_BYTES else b""
            headers = {name.lower(): value for name, value in self.headers.items()}
            message = Webhook(os.environ["WEBHOOK_SECRET"]).verify(body, headers)
        except (WebhookVerificationError, ValueError):
            self.answer(401)
            return
        with sqlite3.connect(STORE) as store:
            store.execute("CREATE TABLE IF NOT EXISTS message (id PRIMARY KEY, type, body)")
            values = (headers["webhook-id"], message["type"], body.decode())
            is_new = store.execute("INSERT OR IGNORE INTO message VALUES (?, ?, ?)", values)
        if is_new.rowcount:
            print(message["type"], message["data"].get("customerId", ""), flush=True)
        self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """What came is printed above."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
