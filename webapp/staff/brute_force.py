"""How guessing is slowed down, of passwords and of codes,
from one place or from thousands, in every worker.

A browser that a person has signed in with before has a bucket of its own, so that nobody can lock
them out. All others share: each address has a few guesses at each person and some at everybody,
and together they have some at each person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from webapp.kernel.database import writing
from webapp.kernel.refusals import Refusal
from webapp.staff import rate_limit
from webapp.staff.rate_limit import Bucket
from webapp.staff.sessions import Place

ADDRESS = Bucket("sign-in address", size=30, refill_seconds=10)


class TooManyAttempts(Refusal):
    """Guessing is slowed down; nothing was checked.

    Attributes:
        wait: Whole seconds until the next attempt is allowed.
    """

    code = "too_many_requests"
    status = 429
    title = "Too much at once"
    sentence = "Too many attempts; wait a moment and try again"

    def __init__(self, wait: int, field: str = "current_password") -> None:
        super().__init__({field: [self.sentence]})
        self.wait = wait


@dataclass(frozen=True)
class Attempt:
    """Somebody tries.

    Attributes:
        who: The key of the address that they say is theirs.
        known_device: The name of their browser, if this person has signed in with it before.
    """

    who: str
    place: Place
    known_device: str | None


@dataclass(frozen=True)
class Protected:
    """Something that can be guessed: who may try it, how often.

    Attributes:
        on_device: For a person on a browser that they have signed in with.
        at_address: For a person at an address.
        by_strangers: For a person, from all other browsers together.
    """

    on_device: Bucket
    at_address: Bucket
    by_strangers: Bucket

    def _buckets(self, guess: Attempt) -> Iterator[tuple[Bucket, tuple[str, ...]]]:
        """In the order in which guesses are taken:
        what one place wasted must not be taken from everybody.
        """
        who, address = guess.who, network_prefix(guess.place.address)
        if guess.known_device:
            yield self.on_device, (who, guess.known_device)
            return
        yield self.at_address, (who, address)
        yield ADDRESS, (address,)
        yield self.by_strangers, (who,)

    def take(self, guess: Attempt) -> None:
        """Take a guess, in a transaction of its own.

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
        """The guess was right: forget those of this person here,
        and this one among those of others.
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
# Three of a million codes are right at any time, so that strangers get fewer guesses at them.
CODE = Protected(
    on_device=Bucket("code on device", size=5, refill_seconds=60),
    at_address=Bucket("code at address", size=5, refill_seconds=60),
    by_strangers=Bucket("code by strangers", size=10, refill_seconds=600),
)


def network_prefix(address: str) -> str:
    """An address as far as it says who guesses: of IPv6 the first half,
    since one household has all of the second.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 6:
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)
