"""What programs are told of the blacklist: decisions, blacklistings and entries."""

from typing import Annotated
from uuid import UUID

from flask import g
from pydantic import Field

from webapp.api.wire.schemas import Wire, WireMoment, one_of, where_known
from webapp.blacklist.entries.models import BlacklistEntry, EntryState, Level
from webapp.blacklist.entries.values import ValueKind, told_value
from webapp.blacklist.models import REASONS, Blacklisting, State
from webapp.blacklist.screening import Answer, Verdict
from webapp.kernel import clock
from webapp.lookalikes.signals import WEIGHTS
from webapp.programs.wire_names import on_the_wire

ReasonCode = Annotated[str, one_of(REASONS)]
Matched = Annotated[
    str, one_of(("id", "reference", *WEIGHTS, *(f"{kind}_entry" for kind in ValueKind)))
]


class DecisionOut(Wire):
    """Whether a person may proceed. Nothing personal is in it."""

    decision: Answer = Field(
        description="`deny`: blacklisted; `review`: looks like somebody who is; "
        "`allow`: else, also if unknown",
        examples=["review"],
    )
    matched_on: list[Matched] = Field(
        description="What is the same or alike, and the kinds of entries that match",
        examples=[["phone", "close_name"]],
    )
    reasons: list[ReasonCode] = Field(
        description="Reason codes of the blacklistings", examples=[["fraud"]]
    )
    not_read: list[str] = Field(
        description="Fields that could not be compared", examples=[["phone"]]
    )
    problem: str | None = Field(
        description="Why nothing could be compared; then the decision is `review`", examples=[None]
    )
    customer_id: UUID | None = Field(
        description="Who was recognised by id, reference or e-mail; with the scope `read`",
        examples=[None],
    )
    decided_at: WireMoment

    @classmethod
    def of(cls, verdict: Verdict, *, may_name: bool) -> "DecisionOut":
        return cls(
            decision=verdict.answer,
            matched_on=list(verdict.matched_on),
            reasons=list(verdict.reasons),
            not_read=on_the_wire(verdict.not_read),
            problem=verdict.problem or None,
            customer_id=verdict.known[0].id if may_name and verdict.known else None,
            decided_at=clock.now(),
        )


class CaseOut(Wire):
    """A blacklisting of a customer, as it stands."""

    number: int = Field(examples=[12])
    reason: ReasonCode = Field(examples=["fraud"])
    state: State = Field(examples=["waiting"])
    since: WireMoment
    until: WireMoment | None = Field(description="When it ends by itself", examples=[None])
    opened_by: Annotated[str, one_of(("staff", "key", "system"))] = Field(
        description="A person, a program, or the operator", examples=["staff"]
    )
    reviewed_at: WireMoment | None = Field(
        description="When a manager last looked", examples=[None]
    )
    removal_requested: bool = Field(description="Somebody asked to remove it", examples=[False])
    closed_at: WireMoment | None = Field(
        description="`null` while it keeps them on the blacklist", examples=[None]
    )
    note: str | None = where_known("With the scope `cases`", "Two cards, one face.")
    removal_reason: str | None = where_known(
        "Why somebody asked to remove it; with the scope `cases`", "They paid."
    )
    closed_note: str | None = where_known("Why it was closed; with the scope `cases`", "Paid.")

    @classmethod
    def of(cls, case: Blacklisting, *, with_notes: bool) -> "CaseOut":
        return cls.model_construct(
            number=case.seq,
            reason=case.reason,
            state=case.state(clock.now()),
            since=case.opened_at,
            until=case.until,
            opened_by=case.opened_by_kind,
            reviewed_at=case.reviewed_at,
            removal_requested=case.lift_is_asked,
            closed_at=case.closed_at,
            note=case.note if with_notes else None,
            removal_reason=case.lift_reason if with_notes else None,
            closed_note=case.closed_note if with_notes else None,
        )


class CasesOut(Wire):
    """All blacklistings of a customer, the newest first."""

    blacklistings: list[CaseOut]


class EntryOut(Wire):
    """A value that is denied, held back or allowed, whoever has it."""

    number: int = Field(examples=[12])
    kind: ValueKind = Field(description="What the value is", examples=["email"])
    value: str = Field(
        description="In normal form; birthdays need the scope `write`", examples=["bad@example.com"]
    )
    level: Level = Field(description="What happens to whoever matches", examples=["deny"])
    reason: ReasonCode | None = Field(examples=["fraud"])
    state: EntryState = Field(examples=["waiting"])
    opened_at: WireMoment
    until: WireMoment | None = Field(description="When it stops counting", examples=[None])

    @classmethod
    def of(cls, entry: BlacklistEntry) -> "EntryOut":
        return cls.model_construct(
            number=entry.seq,
            kind=ValueKind(entry.kind),
            value=told_value(entry.kind, entry.value, tells_birthday=g.may_see_birthdays),
            level=Level(entry.level),
            reason=entry.reason,
            state=entry.state(clock.now()),
            opened_at=entry.opened_at,
            until=entry.until,
        )


class EntriesOut(Wire):
    """Entries that stand, the newest first."""

    entries: list[EntryOut]
    next: int | None = Field(
        description="`before` of the next call; `null` at the end", examples=[None]
    )


class DecisionsOut(Wire):
    """One decision for each person who was asked about, in the same order."""

    decisions: list[DecisionOut]
