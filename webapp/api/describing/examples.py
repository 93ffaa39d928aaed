"""Examples for the description of the API, taken from the models themselves."""

from http import HTTPStatus
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from webapp.api.describing.headers import OF_EVERY_ANSWER, RETRY_AFTER
from webapp.api.wire.schemas import PROBLEM, CustomerOut, Failure, Problem
from webapp.customers.changes import Outdated
from webapp.kernel.refusals import InvalidDetails, Refusal

SCHEMAS = "#/components/schemas/"


def failure_example(kind: type[Refusal]) -> dict[str, Any]:
    failure = {
        "statusCode": kind.status,
        "error": HTTPStatus(kind.status).phrase,
        "code": kind.code,
        "message": (kind.meaning or kind.sentence) + ".",
        "fields": {"email": ["Enter an e-mail address"]} if kind is InvalidDetails else {},
        "requestId": "5f0c9a52d1b74c0e8a6e11aa",
    }
    return failure | ({"data": example_of(CustomerOut)} if kind is Outdated else {})


def example_of(model: type[BaseModel]) -> dict[str, Any]:
    """An example of a model, made from the examples of its fields."""
    return {
        info.alias or name: _example(info)
        for name, info in model.model_fields.items()
        if _has_example(info)
    }


def _has_example(info: Any) -> bool:
    return bool(info.examples) or _model_in(info.annotation) is not None


def _example(info: Any) -> Any:
    if info.examples:
        return info.examples[0]
    example = example_of(_model_in(info.annotation) or BaseModel)
    return [example] if get_origin(info.annotation) is list else example


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model in an annotation: alone, in a list, or the last one of a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(
        (model for part in reversed(get_args(annotation)) if (model := _model_in(part))), None
    )


def failure_response(status: int) -> dict[str, Any]:
    """The description of a refusal with this status, still without examples."""
    schema = {"$ref": SCHEMAS + Failure.__name__}
    response: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "headers": OF_EVERY_ANSWER,
        "content": {
            "application/json": {"schema": schema, "examples": {}},
            PROBLEM: {"schema": {"$ref": SCHEMAS + Problem.__name__}},
        },
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response["headers"] = OF_EVERY_ANSWER | RETRY_AFTER
    return response
