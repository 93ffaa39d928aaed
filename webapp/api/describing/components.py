"""The schemas of the description: bodies and answers, made from the models that the code uses."""

from typing import Any

from flask import current_app
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from webapp.api.describing.call import Call
from webapp.api.describing.examples import SCHEMAS
from webapp.api.describing.messages import WebhookMessage
from webapp.api.describing.routes import calls
from webapp.api.refusals import BY_CODE
from webapp.api.wire.schemas import Failure, Problem

EXTRAS: dict[str, Any] = {
    "ignored": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Fields of the body that mean nothing here",
    },
    "outcome": {"type": "string", "enum": ["created", "changed", "unchanged"]},
}


class WireSchema(GenerateJsonSchema):
    """Without defaults: what is absent stays as it is, but generated clients would send a default
    with every correction. Without titles, which say the name again.
    """

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, _: Any) -> bool:
        return False

    def get_title_from_name(self, name: str) -> str:
        return name


def schemas() -> dict[str, Any]:
    """The schemas by name: of bodies, of what answers tell, and of whole answers."""
    described = [call for _, _, call in calls(current_app)]
    bodies = {call.body for call in described if call.body}
    answers: set[type[BaseModel]] = {Failure, Problem, WebhookMessage}
    answers |= {call.answer for call in described if call.answer}
    models: list[tuple[type[BaseModel], Any]] = [
        (model, "validation") for model in sorted(bodies, key=_name)
    ]
    models += [(model, "serialization") for model in sorted(answers, key=_name)]
    _, made = models_json_schema(
        models, ref_template=SCHEMAS + "{model}", schema_generator=WireSchema
    )
    parts: dict[str, Any] = made["$defs"]
    for model in (Failure, Problem):
        parts[model.__name__]["properties"]["code"]["enum"] = sorted(BY_CODE)
    whole = {name_of_answer(call): _whole_answer(call) for call in described if call.answer}
    return dict(sorted((parts | whole).items()))


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def name_of_answer(call: Call) -> str:
    model = call.answer or BaseModel
    return f"{model.__name__.removesuffix('Out')}Answer"


def _whole_answer(call: Call) -> dict[str, Any]:
    model = call.answer or BaseModel
    return {
        "type": "object",
        "required": ["status", "message", "data"],
        "properties": {
            "status": {"type": "boolean", "const": True},
            "message": {"type": "string"},
            "data": {"$ref": SCHEMAS + model.__name__},
        }
        | EXTRAS,
    }
