"""Refusals of the doors themselves, whatever the request is about."""

from typing import ClassVar

from webapp.kernel.refusals import NotFound, Refusal


class HttpRefusal(Refusal):
    """A request refused before any use case has seen it.

    Attributes:
        advice: The sentence under the title of the error page.
    """

    advice: ClassVar[str]


class BadRequest(HttpRefusal):
    code = "bad_request"
    status = 400
    title = "This request cannot be understood"
    sentence = "This is no request to this server: is the host name right?"
    advice = "Something in the request is not as we expect it."


class Forbidden(HttpRefusal):
    code = "forbidden"
    status = 403
    title = "You may not do this"
    advice = "Your role does not allow it."


class NoSuchAddress(HttpRefusal, NotFound):
    advice = "The address may be mistyped, or what was here is gone."


class MethodNotAllowed(HttpRefusal):
    code = "method_not_allowed"
    status = 405
    title = "This cannot be done here"
    sentence = "This address does not take this method"
    advice = "This address does not take requests of this kind."


class BodyTooLarge(HttpRefusal):
    code = "body_too_large"
    status = 413
    title = "This is too large"
    sentence = "A body has at most one megabyte"
    advice = "At most one megabyte can be sent at once. Nothing was saved."


class UnsupportedMediaType(HttpRefusal):
    code = "unsupported_media_type"
    status = 415
    sentence = "Send JSON in UTF-8 with Content-Type: application/json"
    advice = sentence


class InternalError(HttpRefusal):
    code = "internal_error"
    status = 500
    title = "Something went wrong on our side"
    sentence = "Something went wrong on our side; nothing was done"
    advice = "Nothing was saved. If it happens again, tell us the number below."


class Unavailable(HttpRefusal):
    code = "unavailable"
    status = 503
    title = "The book cannot be reached"
    sentence = "The book cannot be reached; nothing was done. Try again in a moment"
    meaning = "The book cannot be reached; nothing was done"
    advice = "The database does not answer. Try again in a moment."


BY_STATUS: dict[int, type[HttpRefusal]] = {
    kind.status: kind
    for kind in (
        BadRequest,
        Forbidden,
        NoSuchAddress,
        MethodNotAllowed,
        BodyTooLarge,
        UnsupportedMediaType,
        InternalError,
        Unavailable,
    )
}
