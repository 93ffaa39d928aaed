"""Whether a description of the API breaks clients that were made from an earlier one.

What may be added without a new version: calls, optional parameters, optional fields of bodies,
fields of answers, refusals, and values of what answers tell. What may not go or change is found
here: `breaks(earlier, present)` says it in sentences.
"""

import math
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def breaks(earlier: Schema, present: Schema) -> list[str]:
    """What a client of the earlier description could stumble over in the present one."""
    return sorted(set(_Comparison(earlier, present).of_calls()))


class _Comparison:
    def __init__(self, earlier: Schema, present: Schema) -> None:
        self.earlier, self.present = earlier, present

    def of_calls(self) -> Iterator[str]:
        for path, methods in self.earlier["paths"].items():
            for method, call in methods.items():
                where = f"{method.upper()} {path}"
                now = self.present["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{where} is gone"
                    continue
                if call["operationId"] != now["operationId"]:
                    yield f"{where} has another operationId"
                yield from self._parameters(where, call, now)
                yield from self._bodies(where, call, now)
                yield from self._answers(where, call, now)

    def _parameters(self, where: str, call: Schema, now: Schema) -> Iterator[str]:
        before = {(one["in"], one["name"]): one for one in call["parameters"]}
        after = {(one["in"], one["name"]): one for one in now["parameters"]}
        for place, name in before.keys() - after.keys():
            yield f"{where} no longer takes {name} in the {place}"
        for key, one in after.items():
            if one.get("required") and not before.get(key, {}).get("required"):
                yield f"{where} needs {key[1]} now"
        for key in before.keys() & after.keys():
            name = f"{where}, {key[1]}"
            yield from self._taken(name, before[key]["schema"], after[key]["schema"])

    def _bodies(self, where: str, call: Schema, now: Schema) -> Iterator[str]:
        before = call.get("requestBody", {}).get("content", {})
        after = now.get("requestBody", {}).get("content", {})
        if after and not before:
            yield f"{where} needs a body now"
        for media in before:
            if media not in after:
                yield f"{where} no longer takes {media}"
            else:
                schemas = (one[media].get("schema", {}) for one in (before, after))
                yield from self._taken(where, *schemas)

    def _answers(self, where: str, call: Schema, now: Schema) -> Iterator[str]:
        for status, answer in call["responses"].items():
            after = now["responses"].get(status)
            if after is None:
                yield f"{where} no longer answers {status}"
                continue
            for name in answer.get("headers", {}).keys() - after.get("headers", {}).keys():
                yield f"{where} no longer tells {name} with {status}"
            yield from self._answer(where, answer.get("content", {}), after.get("content", {}))

    def _answer(self, where: str, before: Schema, after: Schema) -> Iterator[str]:
        for media in before:
            codes = before[media].get("examples", {}).keys()
            if media not in after:
                yield f"{where} no longer answers with {media}"
            elif gone := codes - after[media].get("examples", {}).keys():
                yield f"{where} is no longer refused with {', '.join(sorted(gone))}"
            else:
                schemas = (one[media].get("schema", {}) for one in (before, after))
                yield from self._told(where, *schemas)

    def _taken(self, where: str, before: Schema, after: Schema) -> Iterator[str]:
        """What may be sent: it must go on being taken."""
        before, after = self._resolved(self.earlier, before), self._resolved(self.present, after)
        gone = _types(before) - _types(after)
        if gone and _types(after):
            yield f"{where} no longer takes {', '.join(sorted(gone))}"
        for value in _refused(before, after) | _narrowed(before, after):
            yield f"{where} no longer takes {value}"
        if "items" in before:
            yield from self._taken(where, before["items"], after.get("items", {}))
        for name in set(after.get("required", ())) - set(before.get("required", ())):
            yield f"{where} needs {name} now"
        yield from self._fields_taken(where, before.get("properties", {}), after)

    def _fields_taken(self, where: str, before: Schema, after: Schema) -> Iterator[str]:
        for name, one in before.items():
            if name not in after.get("properties", {}):
                yield f"{where} no longer takes {name}"
            else:
                yield from self._taken(f"{where}, {name}", one, after["properties"][name])

    def _told(self, where: str, before: Schema, after: Schema) -> Iterator[str]:
        """What is answered: it must go on being told, in the same types."""
        before, after = self._resolved(self.earlier, before), self._resolved(self.present, after)
        strange = _types(after) - _types(before)
        if strange and _types(before):
            yield f"{where} may tell {', '.join(sorted(strange))} now"
        for name, one in before.get("properties", {}).items():
            required = name in before.get("required", ())
            if name not in after.get("properties", {}):
                yield f"{where} no longer tells {name}"
            elif required and name not in after.get("required", ()):
                yield f"{where} may leave out {name} now"
            else:
                yield from self._told(f"{where}, {name}", one, after["properties"][name])
        if "items" in before:
            yield from self._told(where, before["items"], after.get("items", {}))

    def _resolved(self, description: Schema, schema: Schema) -> Schema:
        """A schema without its reference; of a union with `null`, the other part."""
        if "$ref" in schema:
            named = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            return self._resolved(description, named)
        parts = [one for one in schema.get("anyOf", ()) if one and one.get("type") != "null"]
        if len(parts) == 1:
            inner = self._resolved(description, parts[0])
            null = {"null"} if len(schema["anyOf"]) > 1 else set()
            return inner | {"type": sorted(_types(inner) | null)}
        return schema


def _refused(before: Schema, after: Schema) -> set[str]:
    """The listed values that were taken and are not any more."""
    if "enum" not in after:
        return set()
    any_text = set() if "enum" in before else {"any text"}
    return {str(value) for value in before.get("enum", ())} - set(
        map(str, after["enum"])
    ) | any_text


def _narrowed(before: Schema, after: Schema) -> set[str]:
    """What a limit now keeps out."""
    longest = {
        f"more than {after[name]} ({name})"
        for name in ("maxLength", "maxItems", "maximum")
        if after.get(name, math.inf) < before.get(name, math.inf)
    }
    return longest | {
        f"less than {after[name]} ({name})"
        for name in ("minLength", "minItems", "minimum")
        if after.get(name, -math.inf) > before.get(name, -math.inf)
    }


def _types(schema: Schema) -> set[str]:
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)
