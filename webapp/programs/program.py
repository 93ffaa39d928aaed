"""A program, as it is known during one call: what its key and its owner may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.staff.permissions import SCOPES, Permission, Role, may

OF_EVERY_KEY = (Permission.ANYONE, Permission.ANY_KEY)


@dataclass(frozen=True)
class Program:
    """A program, authenticated by its key, as it was when the call began.

    Attributes:
        id: The number of the key.
        owner_id: Who answers for it.
        owner_role: The owner's role; `None` for a key from an older book that has no owner.
        expires_at: When it stops working; `None` if never.
        calls_per_minute: Its own limit; `None` for that of all others.
    """

    id: int
    name: str
    scopes: Sequence[str]
    owner_id: int | None
    used_at: datetime | None
    owner_role: Role | None
    expires_at: datetime | None = None
    calls_per_minute: int | None = None

    def has_scope(self, permission: Permission) -> bool:
        return permission in OF_EVERY_KEY or SCOPES.get(permission) in self.scopes

    def owner_may(self, permission: Permission) -> bool:
        """Whether the key's owner may do this themselves; without an owner, it may only read."""
        if self.owner_role is None:
            return permission in (*OF_EVERY_KEY, Permission.SEE_CUSTOMERS)
        return may(self.owner_role, permission)

    def may(self, permission: Permission) -> bool:
        return self.has_scope(permission) and self.owner_may(permission)
