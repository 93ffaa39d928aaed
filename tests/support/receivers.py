"""Real servers that receive webhooks, and do what one tells them."""

import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import trustme

Answering = Callable[["Receiver", http.server.BaseHTTPRequestHandler], None]


@dataclass
class Message:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """A server on this machine.

    Attributes:
        messages: All that came, in order.
        status: What it answers; or `answering` answers by itself.
    """

    messages: list[Message] = field(default_factory=list)
    status: int = 204
    answering: Answering | None = None
    address: str = ""

    def take(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(length)
        if len(body) < length:
            return  # the sender was killed
        self.messages.append(Message(handler.path, headers, body))
        if self.answering:
            self.answering(self, handler)
            return
        handler.send_response(self.status)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.messages]


@contextmanager
def receiving(
    *, authority: trustme.CA | None = None, name: str = "localhost", **how: Any
) -> Iterator[Receiver]:
    """A receiver at work, over TLS if an authority vouches for its name."""
    receiver = Receiver(**how)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """The sender has hung up, as it should."""

    server = Server(("127.0.0.1", 0), Handler)
    if authority:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme, host = ("https", "localhost") if authority else ("http", "127.0.0.1")
    receiver.address = f"{scheme}://{host}:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
