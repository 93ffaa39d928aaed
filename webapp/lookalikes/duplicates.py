"""Probable duplicates: whoever would be saved with a phone or mailbox of somebody in the book is
asked about first.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from webapp.customers.fields import Details
from webapp.customers.models import Customer
from webapp.kernel.refusals import Conflict
from webapp.lookalikes.candidates import Candidate
from webapp.lookalikes.pairs import marked_apart, wait_for_all
from webapp.lookalikes.signals import Lookalike, lookalikes_of

PROBABLE = ("phone", "email")


class ProbableDuplicate(Conflict):
    """Nothing was saved yet.

    Attributes:
        duplicates: Who shares the phone or mailbox.
    """

    code = "probable_duplicate"
    sentence = "Somebody with this phone or e-mail address is in the book already"

    def __init__(self, duplicates: list[Lookalike]) -> None:
        super().__init__()
        self.duplicates = duplicates

    @property
    def customer_id(self) -> UUID:
        """The most similar of them."""
        return self.duplicates[0].customer.id


@dataclass
class DuplicateCheck:
    """Looks for probable duplicates in the transaction that saves somebody, so that two who save
    the same person at once do not miss each other.

    Attributes:
        seen: The customers that whoever saves has looked at; `None` lets everybody pass.
        made: The id of the customer that is added: a repeated submission is no duplicate of itself.
        duplicates: Who was found.
    """

    seen: Collection[UUID] | None
    made: UUID | None = None
    duplicates: list[Lookalike] = field(default_factory=list)

    def __call__(self, details: Details, stored: Customer | None) -> None:
        """Check somebody before they are added, or changed from what is stored.

        Raises:
            ProbableDuplicate: somebody was found whom nobody has looked at.
        """
        if stored and (stored.phone, stored.email) == (details.phone, details.email):
            return
        wait_for_all([details, stored.details] if stored else [details])
        person = Candidate(details)
        if stored:
            person = Candidate(details, stored.seq, marked_apart(stored.seq))
        alike = lookalikes_of([person], looked_up=PROBABLE)[0]
        self.duplicates = [one for one in alike if self._is_probable(one)]
        if self.seen is not None and any(
            one.customer.id not in self.seen for one in self.duplicates
        ):
            raise ProbableDuplicate(self.duplicates)

    def _is_probable(self, one: Lookalike) -> bool:
        return one.customer.id != self.made and not set(PROBABLE).isdisjoint(one.signals)
