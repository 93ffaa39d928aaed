"""The customers that somebody looked at last, newest first: their numbers in a cookie, encrypted
for the member, so that reading writes nothing into the book.
"""

import json

from webapp.customers.models import Customer
from webapp.search import results
from webapp.search.results import ListRow
from webapp.web.frame.cookie import VIEWED
from webapp.web.search.visitor_cookie import keep_for_visitor, kept_for_visitor

MAX_KEPT = 8
DAYS_KEPT = 30
PURPOSE = "recently viewed"


def note_viewed(customer: Customer) -> None:
    """Put a customer first among those whom the visitor looked at."""
    seqs = [customer.seq, *(seq for seq in _seqs() if seq != customer.seq)][:MAX_KEPT]
    content = json.dumps(seqs).encode()
    keep_for_visitor(VIEWED, PURPOSE, content, max_age=DAYS_KEPT * 86_400)


def recently_viewed() -> tuple[ListRow, ...]:
    """The customers that the visitor looked at in this browser, as they stand now."""
    return results.rows_of(_seqs())


def _seqs() -> list[int]:
    content = kept_for_visitor(VIEWED, PURPOSE)
    return list(json.loads(content)) if content else []
