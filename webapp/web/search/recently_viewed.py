"""The customers that somebody looked at last, newest first: their numbers in a cookie, encrypted
for the member, so that reading writes nothing into the book.
"""

import json

from flask import Response, after_this_request

from webapp.customers.models import Customer
from webapp.kernel import crypto
from webapp.search import results
from webapp.search.results import ListRow
from webapp.web.frame.auth import visitor
from webapp.web.frame.cookie import VIEWED, put_cookie, read_cookie

MAX_KEPT = 8
DAYS_KEPT = 30
PURPOSE = "recently viewed"


def note_viewed(customer: Customer) -> None:
    """Put a customer first among those whom the visitor looked at."""
    seqs = [customer.seq, *(seq for seq in _seqs() if seq != customer.seq)][:MAX_KEPT]
    sealed = crypto.encrypt_token(PURPOSE, json.dumps(seqs).encode(), holder=_holder())

    @after_this_request
    def keep(response: Response) -> Response:
        put_cookie(response, VIEWED, sealed, max_age=DAYS_KEPT * 86_400)
        return response


def recently_viewed() -> tuple[ListRow, ...]:
    """The customers that the visitor looked at in this browser, as they stand now."""
    return results.rows_of(_seqs())


def _seqs() -> list[int]:
    sealed = read_cookie(VIEWED)
    opened = crypto.decrypt_token(PURPOSE, sealed, holder=_holder()) if sealed else None
    return list(json.loads(opened)) if opened else []


def _holder() -> str:
    return str(visitor().id)
