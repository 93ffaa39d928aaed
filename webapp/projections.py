"""Everything that follows a change, in order: the whole list, on one screen."""

from webapp.blacklist.case import CaseNotes
from webapp.blacklist.review_clock import ReviewClock
from webapp.history import changes
from webapp.lookalikes.known_identifiers import KnownIdentifiers
from webapp.lookalikes.pairs import LookalikePairs
from webapp.programs.idempotency import IdempotencyRecords
from webapp.search.projection import PageCounts, SearchIndex

PROJECTIONS = (
    ReviewClock(),
    PageCounts(),
    SearchIndex(),
    KnownIdentifiers(),
    LookalikePairs(),
    CaseNotes(),
    IdempotencyRecords(),
)


def install() -> None:
    """Let them follow every change that this process makes."""
    changes.install(PROJECTIONS)
