"""Token buckets in the database: limits that hold across workers and restarts."""

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Float, bindparam, delete, text, update

from webapp.kernel import clock, crypto
from webapp.kernel.database import Moment, db
from webapp.staff.models import AttemptBucket

FORGOTTEN_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Bucket:
    """A limit on attempts.

    Attributes:
        purpose: What is limited; part of the bucket's key.
        size: How many attempts a full bucket holds.
        refill_seconds: Seconds until one more is allowed.
    """

    purpose: str
    size: int
    refill_seconds: float

    def key(self, *who: str) -> bytes:
        return crypto.fingerprint(self.purpose, "\0".join(who).encode(errors="replace"))


# A single statement checks and takes, so that two workers cannot take the same token.
_TAKE = text(
    """
    INSERT INTO attempt_bucket (key, "left", at) VALUES (:key, :size - :many, :now)
    ON CONFLICT (key) DO UPDATE SET at = :now, "left" = -:many + CASE
        WHEN attempt_bucket."left" + (:now - attempt_bucket.at) / :refill > :size THEN :size
        ELSE attempt_bucket."left" + (:now - attempt_bucket.at) / :refill END
    WHERE attempt_bucket."left" + (:now - attempt_bucket.at) / :refill >= :many
    RETURNING "left"
    """
).bindparams(
    bindparam("now", type_=Moment),
    bindparam("size", type_=Float),
    bindparam("refill", type_=Float),
    bindparam("many", type_=Float),
)


def take(bucket: Bucket, *who: str, many: int = 1) -> int:
    """Take one attempt, or several at once, in the present write transaction.

    Returns:
        0 if there were enough left, else the whole seconds until there will be.
    """
    key, now = bucket.key(*who), clock.now()
    refill = bucket.refill_seconds * 1000.0
    values = {
        "key": key,
        "now": now,
        "size": float(bucket.size),
        "refill": refill,
        "many": float(many),
    }
    if db.session.execute(_TAKE, values).first():
        return 0
    state = db.session.get_one(AttemptBucket, key, populate_existing=True)
    waited = (now - state.at).total_seconds()
    return max(1, math.ceil((many - state.left) * bucket.refill_seconds - waited))


def left(bucket: Bucket, *who: str) -> int:
    """How many were left after the last `take`."""
    state = db.session.get(AttemptBucket, bucket.key(*who), populate_existing=True)
    return int(state.left) if state else bucket.size


def give_back(bucket: Bucket, *who: str) -> None:
    """Reset the bucket: the guess was right."""
    db.session.execute(delete(AttemptBucket).where(AttemptBucket.key == bucket.key(*who)))


def give_back_one(bucket: Bucket, *who: str) -> None:
    """Return one attempt: it was right, but that says nothing about the others."""
    has_room = (AttemptBucket.key == bucket.key(*who)) & (AttemptBucket.left <= bucket.size - 1)
    db.session.execute(update(AttemptBucket).where(has_room).values(left=AttemptBucket.left + 1))


def forget_old() -> None:
    db.session.execute(
        delete(AttemptBucket).where(AttemptBucket.at < clock.now() - FORGOTTEN_AFTER)
    )
