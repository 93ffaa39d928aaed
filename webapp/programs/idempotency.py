"""Idempotency keys: a call sent twice is carried out once; the second gets the stored answer."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, Text, delete
from sqlalchemy.orm import Mapped, mapped_column

from webapp.history.changes import Projection
from webapp.history.entries import Subject
from webapp.kernel import clock, crypto
from webapp.kernel.database import Model, Moment, Sequence, db
from webapp.kernel.dialects import try_advisory_lock

KEPT_FOR = timedelta(hours=24)


class IdempotencyRecord(Model):
    """One stored answer, encrypted for its program; deleted with its customer, or after a day."""

    __tablename__ = "kept_answer"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    question: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[str] = mapped_column(Text)
    customer_seq: Mapped[int | None] = mapped_column(Sequence, index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)


@dataclass(frozen=True)
class IdempotentCall:
    """A call that may be sent twice.

    Attributes:
        idempotency_key: As chosen by the program.
        secret: The secret of the call; answers of before migration 0033 are encrypted with it.
        asked: The whole request: method, path, body.
    """

    api_key_id: int
    idempotency_key: str
    secret: str
    asked: bytes

    @property
    def holder(self) -> str:
        """For whom the answer is encrypted: the program, whichever of its secrets it comes with."""
        return f"program {self.api_key_id}"

    @property
    def mark(self) -> bytes:
        return crypto.fingerprint(
            "idempotency key", f"{self.api_key_id} {self.idempotency_key}".encode()
        )

    @property
    def fingerprint(self) -> bytes:
        return crypto.fingerprint("idempotent question", self.asked)


@dataclass(frozen=True)
class Answer:
    """The answer to a call."""

    status: int
    etag: str | None
    body: str
    location: str | None = None


def is_in_progress(question: IdempotentCall) -> bool:
    """Whether the same call is in progress; if not, lock it, so that nobody else can begin it
    before this transaction ends.
    """
    number = int.from_bytes(question.mark[:8], signed=True)
    return not try_advisory_lock(db.session.connection(), number)


def find(question: IdempotentCall) -> tuple[Answer | None, bool]:
    """The earlier answer, if any; and false if the key was used for a different request."""
    record = db.session.get(IdempotencyRecord, (question.api_key_id, question.mark))
    if record is None or record.at <= clock.now() - KEPT_FOR:
        return None, True
    if record.question != question.fingerprint:
        return None, False
    tried = (_open(record, holder) for holder in (question.holder, question.secret))
    opened = next(filter(None, tried), None)
    return (Answer(*json.loads(opened)), True) if opened else (None, False)


def _open(record: IdempotencyRecord, holder: str) -> bytes | None:
    return crypto.decrypt_token("kept answer", record.answer, holder=holder)


def keep(question: IdempotentCall, answer: Answer, *, customer_seq: int | None) -> None:
    """Store an answer in the present write transaction."""
    content = json.dumps([answer.status, answer.etag, answer.body, answer.location]).encode()
    forget_old()
    db.session.add(
        IdempotencyRecord(
            api_key_id=question.api_key_id,
            mark=question.mark,
            question=question.fingerprint,
            answer=crypto.encrypt_token("kept answer", content, holder=question.holder),
            customer_seq=customer_seq,
            at=clock.now(),
        )
    )


def forget_old() -> None:
    db.session.execute(
        delete(IdempotencyRecord).where(IdempotencyRecord.at <= clock.now() - KEPT_FOR)
    )


class IdempotencyRecords(Projection):
    """Deletes the stored answers about a customer together with the customer."""

    def forget(self, subject: Subject) -> None:
        db.session.execute(
            delete(IdempotencyRecord).where(IdempotencyRecord.customer_seq == subject.seq)
        )
