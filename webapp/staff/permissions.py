"""Who may do what: the one table of permissions, by role for people and by scope for programs."""

from enum import Enum, StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API key may be used for; a key may have several."""

    READ = "read"
    WRITE = "write"
    BLACKLIST = "blacklist"
    CHECK = "check"
    EXPORT = "export"
    IMPORT = "import"
    WEBHOOKS = "webhooks"
    CASES = "cases"


class Permission(Enum):
    """What a route can require. The value completes the sentence "You may not …"."""

    ANYONE = "come in"
    SIGNED_IN = "do this without signing in"
    ANY_KEY = "call without a key"
    SEE_CUSTOMERS = "see customers"
    EDIT_CUSTOMERS = "add or edit customers"
    BLACKLIST = "blacklist customers"
    REVIEW = "review or lift a blacklisting"
    READ_CASES = "read the notes of blacklistings"
    CHECK = "ask for a decision about a person"
    DELETE_CUSTOMERS = "delete customers"
    MERGE_CUSTOMERS = "merge customers"
    MANAGE_STAFF = "look after staff"
    MANAGE_KEYS = "look after API keys"
    MANAGE_WEBHOOKS = "look after webhooks"
    EXPORT = "export customers"
    IMPORT = "import customers"


EDITORS = frozenset({Role.AGENT, Role.MANAGER, Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.SIGNED_IN: frozenset(Role),
    Permission.ANY_KEY: frozenset(Role),
    Permission.SEE_CUSTOMERS: frozenset(Role),
    Permission.EDIT_CUSTOMERS: EDITORS,
    Permission.BLACKLIST: EDITORS,
    Permission.REVIEW: MANAGERS,
    Permission.READ_CASES: EDITORS,
    Permission.CHECK: EDITORS,
    Permission.DELETE_CUSTOMERS: MANAGERS,
    Permission.MERGE_CUSTOMERS: MANAGERS,
    Permission.MANAGE_STAFF: frozenset({Role.ADMIN}),
    Permission.MANAGE_KEYS: frozenset({Role.ADMIN}),
    Permission.MANAGE_WEBHOOKS: frozenset({Role.ADMIN}),
    Permission.EXPORT: MANAGERS,
    Permission.IMPORT: MANAGERS,
}


SCOPES: dict[Permission, Scope] = {
    Permission.SEE_CUSTOMERS: Scope.READ,
    Permission.EDIT_CUSTOMERS: Scope.WRITE,
    Permission.DELETE_CUSTOMERS: Scope.WRITE,
    Permission.BLACKLIST: Scope.BLACKLIST,
    Permission.CHECK: Scope.CHECK,
    Permission.EXPORT: Scope.EXPORT,
    Permission.IMPORT: Scope.IMPORT,
    Permission.MANAGE_WEBHOOKS: Scope.WEBHOOKS,
    Permission.READ_CASES: Scope.CASES,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody signed in with this role has this permission."""
    return permission is Permission.ANYONE or role in ALLOWED[permission]
