"""What a member's browser keeps for them: encrypted for this member, so that nobody else who uses
the browser can read it, and reading writes nothing into the book.
"""

from flask import Response, after_this_request

from webapp.kernel import crypto
from webapp.web.frame.auth import visitor
from webapp.web.frame.cookie import put_cookie, read_cookie


def keep_for_visitor(
    what: str, purpose: str, content: bytes, *, max_age: int | None = None, path: str = "/"
) -> None:
    """Send the browser a cookie with the present response; as for `put_cookie`."""
    sealed = crypto.encrypt_token(purpose, content, holder=_holder())

    @after_this_request
    def keep(response: Response) -> Response:
        put_cookie(response, what, sealed, max_age=max_age, path=path)
        return response


def kept_for_visitor(what: str, purpose: str, *, path: str = "/") -> bytes | None:
    """What the browser kept for the visitor; `None` if that is nothing."""
    sealed = read_cookie(what, path=path)
    return crypto.decrypt_token(purpose, sealed, holder=_holder()) if sealed else None


def _holder() -> str:
    return str(visitor().id)
