"""Refusals of the JSON door itself, and every code that a program may get."""

from webapp.batches.change_set import NoSuchSet, NothingToApply, NotInThisState
from webapp.blacklist.as_of import NotYet
from webapp.blacklist.case import NotBlacklisted, OtherCase
from webapp.blacklist.entries.changes import EntryClosed, NoSuchBlacklistEntry
from webapp.blacklist.entries.drafting import TooWide
from webapp.blacklist.entries.opening import EntryReviewed, NotYourEntry, TooLateToUndo
from webapp.blacklist.opening import LiftAsked, OpenedByOwner, Upheld
from webapp.customers.changes import (
    CustomerDeleted,
    CustomerMerged,
    EmailTaken,
    NoSuchCustomer,
    Outdated,
    ReferenceTaken,
)
from webapp.customers.erase import StillBlacklisted
from webapp.history.proofs.inclusion import NoSuchEntry
from webapp.http.refusals import (
    BadRequest,
    BodyTooLarge,
    MethodNotAllowed,
    NoSuchAddress,
    Unavailable,
    UnsupportedMediaType,
)
from webapp.kernel.crypto import NoRootKey
from webapp.kernel.refusals import Conflict, InvalidDetails, InvalidQuery, Refusal, TooMuch
from webapp.lookalikes.duplicates import ProbableDuplicate
from webapp.programs.webhooks.deliveries import NoSuchDelivery
from webapp.programs.webhooks.endpoints import IsOff, NoSuchEndpoint, TooManyEndpoints
from webapp.search.timeout import SearchTooWide
from webapp.transfer.exports import TooManyFound
from webapp.transfer.reading.refusals import NotATable


class Unauthenticated(Refusal):
    """No key, or not a valid one."""

    code = "unauthenticated"
    status = 401
    sentence = "Send a valid API key: Authorization: Bearer <key>"


class KeyExpired(Unauthenticated):
    code = "key_expired"
    sentence = "This API key has expired; ask an admin for another"


class KeyNoLongerGood(Unauthenticated):
    code = "key_revoked"
    sentence = "This API key was revoked; ask an admin for another"


class KeyOwnerLeft(Unauthenticated):
    code = "key_owner_left"
    sentence = "Whoever answers for this API key has left; an admin hands it over to somebody"


class ScopeMissing(Refusal):
    """The key may not do this."""

    code = "scope_missing"
    status = 403
    sentence = "{why}"
    meaning = "This key lacks the scope that the call needs, or its owner may not do this"


class MalformedJson(Refusal):
    code = "malformed_json"
    status = 400
    sentence = "The body is not {what}"
    meaning = "The body is not JSON"


class NestedTooDeeply(MalformedJson):
    sentence = "The body is nested too deeply"


class NotAnObject(Refusal):
    code = "not_an_object"
    status = 400
    sentence = "The body must be a JSON object"


class IdempotencyInProgress(Conflict):
    code = "idempotency_in_progress"
    sentence = "The same call is being carried out; ask again in a moment"


class IdempotencyMismatch(Refusal):
    code = "idempotency_mismatch"
    status = 422
    sentence = "This Idempotency-Key came before with another call"


class DeletionWaits(Conflict):
    code = "deletion_waits"
    sentence = "This key has deleted as many as it may in a day; a manager must agree to this one"


class NoCustomerWithEmail(NoSuchCustomer):
    sentence = "There is no customer with this e-mail address"


class TooManyRequests(TooMuch):
    """A limit is used up: the key's, or the one for wrong keys from an address."""

    sentence = "{limit}; try again in {seconds} seconds"
    meaning = "The limit of this key is used up"

    def __init__(self, wait: int, limit: str = meaning) -> None:
        super().__init__(wait, limit=limit, seconds=wait)


class DeletedCustomer(NoSuchCustomer):
    """`CustomerDeleted` as a program that may see customers gets it,
    without who deleted them, which is for staff only.
    """

    code = "customer_deleted"
    sentence = CustomerDeleted.title

    def __init__(self, refusal: CustomerDeleted) -> None:
        super().__init__()
        self.deleted_at = refusal.tombstone.deleted_at


# In the order of their statuses, as the reference lists them.
MET: tuple[type[Refusal], ...] = (
    BadRequest,
    MalformedJson,
    NotAnObject,
    InvalidDetails,
    EmailTaken,
    ReferenceTaken,
    InvalidQuery,
    SearchTooWide,
    TooManyFound,
    NotATable,
    Unauthenticated,
    KeyExpired,
    KeyNoLongerGood,
    KeyOwnerLeft,
    ScopeMissing,
    NoSuchCustomer,
    NoSuchEntry,
    NoSuchSet,
    NoSuchBlacklistEntry,
    NoSuchEndpoint,
    NoSuchDelivery,
    DeletedCustomer,
    NotYet,
    NoSuchAddress,
    MethodNotAllowed,
    StillBlacklisted,
    CustomerMerged,
    NotBlacklisted,
    OtherCase,
    LiftAsked,
    OpenedByOwner,
    Upheld,
    TooWide,
    EntryClosed,
    NotYourEntry,
    EntryReviewed,
    TooLateToUndo,
    ProbableDuplicate,
    DeletionWaits,
    NotInThisState,
    NothingToApply,
    TooManyEndpoints,
    IsOff,
    NoRootKey,
    IdempotencyInProgress,
    Outdated,
    BodyTooLarge,
    UnsupportedMediaType,
    IdempotencyMismatch,
    TooManyRequests,
    Unavailable,
)
BY_CODE = {kind.code: kind for kind in MET}
