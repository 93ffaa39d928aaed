"""Slows down guessing of passwords and codes, from one address or from thousands, across all
workers.

A browser that a person has signed in with before has a bucket of its own, so that nobody can lock
them out. All other browsers share buckets: each address has a few guesses at each person and some
in total, and all addresses together have some at each person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from webapp.kernel.database import writing
from webapp.kernel.refusals import TooMuch
from webapp.staff import rate_limit
from webapp.staff.rate_limit import Bucket
from webapp.staff.sessions import Place

ADDRESS = Bucket("sign-in address", size=30, refill_seconds=10)


class TooManyAttempts(TooMuch):
    """Guessing is slowed down; nothing was checked."""

    sentence = "Too many attempts; wait a moment and try again"

    def __init__(self, wait: int, field: str = "current_password") -> None:
        super().__init__(wait, {field: [self.sentence]})


@dataclass(frozen=True)
class Attempt:
    """One attempt.

    Attributes:
        who: The key of the e-mail address that was entered.
        known_device: The name of the browser, if this person has signed in with it before.
    """

    who: str
    place: Place
    known_device: str | None


@dataclass(frozen=True)
class Protected:
    """Something that can be guessed, and how often it may be tried.

    Attributes:
        on_device: Per person and browser, if they have signed in with it before.
        at_address: Per person and address.
        by_strangers: Per person, for all unknown browsers together.
    """

    on_device: Bucket
    at_address: Bucket
    by_strangers: Bucket

    def _buckets(self, guess: Attempt) -> Iterator[tuple[Bucket, tuple[str, ...]]]:
        """Narrowest first: attempts that one address has used up must not count
        against everybody.
        """
        who, address = guess.who, network_prefix(guess.place.address)
        if guess.known_device:
            yield self.on_device, (who, guess.known_device)
            return
        yield self.at_address, (who, address)
        yield ADDRESS, (address,)
        yield self.by_strangers, (who,)

    def take(self, guess: Attempt) -> None:
        """Take an attempt, in a transaction of its own.

        Raises:
            TooManyAttempts: there is none left.
        """
        with writing():
            for bucket, key in self._buckets(guess):
                wait = rate_limit.take(bucket, *key)
                if wait:
                    break
        if wait:
            raise TooManyAttempts(wait)

    def give_back(self, guess: Attempt) -> None:
        """The guess was right: reset this person's own bucket here, and return one attempt to the
        shared ones.
        """
        (own, key), *shared = self._buckets(guess)
        rate_limit.give_back(own, *key)
        for bucket, shared_key in shared:
            rate_limit.give_back_one(bucket, *shared_key)


PASSWORD = Protected(
    on_device=Bucket("password on device", size=5, refill_seconds=60),
    at_address=Bucket("password at address", size=5, refill_seconds=60),
    by_strangers=Bucket("password by strangers", size=50, refill_seconds=20),
)
# At any time, three of a million codes are right, so strangers get fewer guesses at them.
CODE = Protected(
    on_device=Bucket("code on device", size=5, refill_seconds=60),
    at_address=Bucket("code at address", size=5, refill_seconds=60),
    by_strangers=Bucket("code by strangers", size=10, refill_seconds=600),
)


def network_prefix(address: str) -> str:
    """The part of an address that identifies who guesses: for IPv6 the first 64 bits, since one
    household has all of the rest.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 6:
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)
