"""Authentication of programs: finds the key of each call and checks what the route needs, and the
key's rate limit; and tells a program who it is.
"""

from typing import Annotated, Any

from flask import Flask, Response, current_app, g, request
from pydantic import Field

from webapp.api import api
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.refusals import (
    KeyExpired,
    KeyNoLongerGood,
    KeyOwnerLeft,
    ScopeMissing,
    TooManyRequests,
    Unauthenticated,
)
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.query_params import refuse_unknown_names
from webapp.api.wire.requests import MERGE_PATCH
from webapp.api.wire.schemas import Wire, WireMoment, one_of
from webapp.history.entries import Actor
from webapp.http.doors import needed_permission, needs, request_id
from webapp.http.uploads import allow_a_file
from webapp.kernel.refusals import Refusal
from webapp.programs import api_keys
from webapp.programs.program import Program
from webapp.settings import Settings
from webapp.staff.brute_force import network_prefix
from webapp.staff.leases import Leases, Standing
from webapp.staff.permissions import SCOPES, Permission, Scope
from webapp.staff.rate_limit import Bucket

LEASES_PER_MINUTE = 60
WRONG_KEYS = Bucket("wrong API keys", size=100, refill_seconds=0.6)
WRONG_KEYS_LEASED = 5
# Some clients insist that a secret begins so; without it, it is the same key.
SHOWN_TO_SOME = "sk."


def init_auth(app: Flask, settings: Settings) -> None:
    app.config["CALLS_PER_MINUTE"] = settings.api_requests_per_minute
    app.extensions["api_limits"] = {}
    app.extensions["wrong_keys"] = Leases(WRONG_KEYS, WRONG_KEYS_LEASED)


@api.before_request
def authenticate() -> None:
    """Let the call through.

    Raises:
        Unauthenticated: no key, or not a valid one.
        TooManyRequests: the key's limit is used up, or the one for wrong keys from this address.
        ScopeMissing: the key may not do this.
        Invalid: `invalid_query`; the query has a parameter that the call does not know.
    """
    permission = needed_permission(current_app, request.endpoint or "")
    if permission is Permission.ANYONE:
        return
    caller = api_keys.find_program(secret())
    if caller is None:
        raise _refusal_of_a_stranger()
    g.program = caller
    g.limit = _limits(caller.calls_per_minute or current_app.config["CALLS_PER_MINUTE"]).take(
        str(caller.id)
    )
    if g.limit.wait:
        raise TooManyRequests(g.limit.wait)
    if not caller.has_scope(permission):
        raise ScopeMissing(why=f"This key lacks the scope {SCOPES[permission].value}")
    if not caller.owner_may(permission):
        raise ScopeMissing(
            why=f"The owner of this key may not {permission.value}, and so it may not either"
        )
    g.may_see_birthdays = caller.may(Permission.EDIT_CUSTOMERS)
    api_keys.note_used(caller)
    allow_a_file()
    refuse_unknown_names(_known_names())


def _limits(calls: int) -> Leases:
    """The limits of all programs that may make so many calls a minute."""
    limits: dict[int, Leases] = current_app.extensions["api_limits"]
    if calls not in limits:
        bucket = Bucket("api calls", size=calls, refill_seconds=60 / calls)
        limits.setdefault(calls, Leases(bucket, calls // LEASES_PER_MINUTE))
    return limits[calls]


def _known_names() -> list[str]:
    call: Any = getattr(current_app.view_functions[request.endpoint or ""], "call", None)
    return (
        [parameter["name"] for parameter in call.parameters if parameter["in"] == "query"]
        if call
        else []
    )


NO_LONGER = {"expired": KeyExpired, "revoked": KeyNoLongerGood, "owner left": KeyOwnerLeft}


def _refusal_of_a_stranger() -> Refusal:
    """Count wrong keys per network; valid keys from the same network are not affected. Whoever has
    the secret of a key that was good once hears why it is not any more.
    """
    limits: Leases = current_app.extensions["wrong_keys"]
    wait = limits.take(network_prefix(request.remote_addr or "")).wait if secret() else 0
    if wait:
        return TooManyRequests(wait, "Too many wrong keys came from your address")
    return NO_LONGER.get(api_keys.why_refused(secret()), Unauthenticated)()


def secret() -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip().removeprefix(SHOWN_TO_SOME) if scheme.lower() == "bearer" else ""


@api.after_request
def tell_limit(response: Response) -> Response:
    limit: Standing | None = g.get("limit")
    if limit:
        response.headers["RateLimit-Policy"] = f'"key";q={limit.size};w=60'
        wait = "" if limit.left else f";t={limit.wait}"
        response.headers["RateLimit"] = f'"key";r={limit.left}{wait}'
    return response


@api.after_request
def tell_patches(response: Response) -> Response:
    """What a `PATCH` may consist of (RFC 5789), where there is one."""
    if request.method == "PATCH" or "PATCH" in response.headers.get("Allow", ""):
        response.headers["Accept-Patch"] = f"application/json, {MERGE_PATCH}"
    return response


def program() -> Program:
    """The program that makes this call."""
    present: Program = g.program
    return present


def actor() -> Actor:
    return api_keys.actor_of(program(), request_id=request_id())


GRANTED = {
    scope: [permission for permission, needed in SCOPES.items() if needed is scope]
    for scope in Scope
}


class ProgramOut(Wire):
    """Who calls, and what it may do."""

    name: str = Field(examples=["Shop"])
    scopes: list[Annotated[str, one_of(Scope)]] = Field(
        description="As far as its owner may do such things too", examples=[["read", "check"]]
    )
    calls_per_minute: int = Field(ge=1, examples=[600])
    expires_at: WireMoment | None = Field(description="`null` if never", examples=[None])


@api.get("/v1/me")
@needs(Permission.ANY_KEY)
@described(
    Call(
        summary="Ask what your key may do",
        why="To find out at the start of a program what it lacks, and when its key expires.",
        tag=Tag.CUSTOMERS,
        names={"GET": "fetchMe"},
        answer=ProgramOut,
        message="You",
    )
)
def tell_me() -> ApiResponse:
    present = program()
    return succeeded(
        ProgramOut(
            name=present.name,
            scopes=[scope for scope in Scope if any(map(present.may, GRANTED[scope]))],
            calls_per_minute=g.limit.size,
            expires_at=present.expires_at,
        )
    )
