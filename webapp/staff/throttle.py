"""Token buckets in the database: they slow guessing down in every worker and across restarts."""

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Float, bindparam, delete, text, update

from webapp import clock, sealing
from webapp.database import Moment, db
from webapp.staff.models import AttemptBucket

FORGOTTEN_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Bucket:
    """A limit on guessing.

    Attributes:
        purpose: What is guessed, part of the bucket's key.
        size: How many guesses are free at first.
        refill_seconds: After how long one more is allowed.
    """

    purpose: str
    size: int
    refill_seconds: int

    def key(self, *who: str) -> bytes:
        return sealing.fingerprint(self.purpose, "\0".join(who).encode(errors="replace"))


# One statement takes a token if there is one, so that two workers cannot take the same one.
_TAKE_ONE = text(
    """
    INSERT INTO attempt_bucket (key, "left", at) VALUES (:key, :size - 1.0, :now)
    ON CONFLICT (key) DO UPDATE SET at = :now, "left" = -1.0 + CASE
        WHEN attempt_bucket."left" + (:now - attempt_bucket.at) / :refill > :size THEN :size
        ELSE attempt_bucket."left" + (:now - attempt_bucket.at) / :refill END
    WHERE attempt_bucket."left" + (:now - attempt_bucket.at) / :refill >= 1
    RETURNING "left"
    """
).bindparams(bindparam("now", type_=Moment), bindparam("size", type_=Float), bindparam("refill", type_=Float))


def take(bucket: Bucket, *who: str) -> int:
    """Take one guess in the present write transaction.

    Returns:
        0 when there was one left, else the whole seconds until there will be.
    """
    key, now = bucket.key(*who), clock.now()
    values = {"key": key, "now": now, "size": float(bucket.size), "refill": bucket.refill_seconds * 1000.0}
    if db.session.execute(_TAKE_ONE, values).first():
        return 0
    state = db.session.get_one(AttemptBucket, key, populate_existing=True)
    waited = (now - state.at).total_seconds()
    return max(1, math.ceil((1 - state.left) * bucket.refill_seconds - waited))


def give_back(bucket: Bucket, *who: str) -> None:
    """Forget the guesses: this one was right."""
    db.session.execute(delete(AttemptBucket).where(AttemptBucket.key == bucket.key(*who)))


def give_back_one(bucket: Bucket, *who: str) -> None:
    """Put one guess back: it was right, but says nothing about the others."""
    has_room = (AttemptBucket.key == bucket.key(*who)) & (AttemptBucket.left <= bucket.size - 1)
    db.session.execute(update(AttemptBucket).where(has_room).values(left=AttemptBucket.left + 1))


def forget_old() -> None:
    db.session.execute(delete(AttemptBucket).where(AttemptBucket.at < clock.now() - FORGOTTEN_AFTER))
