"""All projections that follow a change, in the order in which they run."""

from webapp.batches.erasure import ProposedValues
from webapp.blacklist.case import ReviewClock
from webapp.blacklist.case_counts import CaseCounts
from webapp.blacklist.entries.projection import EntryMatches
from webapp.blacklist.erasure import CaseNotes
from webapp.blacklist.reviewing.decisions import UnreadDecisions
from webapp.customers.notes import CustomerNotes
from webapp.history import changes
from webapp.lookalikes.known_identifiers import KnownIdentifiers
from webapp.lookalikes.name_words import NameWords
from webapp.lookalikes.pairs import LookalikePairs
from webapp.merging.projection import MergedRecords
from webapp.programs.idempotency import IdempotencyRecords
from webapp.programs.webhooks.deliveries import WebhookAnswers
from webapp.search.projection import PageCounts, SearchIndex

PROJECTIONS = (
    MergedRecords(),
    ReviewClock(),
    CaseCounts(),
    SearchIndex(),
    NameWords(),
    KnownIdentifiers(),
    LookalikePairs(),
    EntryMatches(),
    CaseNotes(),
    CustomerNotes(),
    UnreadDecisions(),
    IdempotencyRecords(),
    WebhookAnswers(),
    ProposedValues(),
    PageCounts(),  # last: it may wait for whoever adds up, who may need the locks of the others
)


def install() -> None:
    """Run them on every change that this process makes."""
    changes.install(PROJECTIONS)
