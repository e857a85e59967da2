"""A stand-in for a Terraform provider: the provider's schema over an imaginary cloud.

Terraform checks a program against the schema and decides what to make, in which order, from which values; the
stand-in fills in what a cloud would answer, and remembers it. It is not the provider: it knows no enumerations, name
patterns, conflicts or defaults, because no schema holds them. What forces a replacement stands in `dropped_facts.py`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgpack

from rehearsal.answers import IDS, READS, Answers, guid
from rehearsal.cloud import Cloud, Object
from rehearsal.dropped_facts import DROPPED_FACTS
from rehearsal.plugin_protocol import (
    UNKNOWN,
    Message,
    Method,
    RefusedError,
    attribute_path,
    encode_schema,
    pack,
    unpack,
)
from rehearsal.provider_schema import Block, ProviderSchema, Type

Request = dict[str, Any]

_RAW_STATE = Message(json=1)


@dataclass(frozen=True)
class Change:
    """What is planned for a resource, and the arguments that can only be had by replacing it."""

    planned: bytes
    replaced_by: Iterable[bytes]


class StandIn:
    """One provider: the methods of the provider service, over a cloud that it shares with the other providers.

    Terraform connects anew for every configuration of it: who calls tells in which subscription things are made.
    """

    def __init__(self, schema: ProviderSchema, cloud: Cloud) -> None:
        self._resources, self._data_sources = schema["resources"], schema["data_sources"]
        self._schema = encode_schema(schema)
        self._cloud = cloud
        self._subscriptions: dict[str, str] = {}

    def methods(self) -> dict[str, Method]:
        """The provider service: each method by its name, with the numbers that its fields have in the protocol."""

        def method(
            answer: Callable[[Request], bytes | Change | list[RefusedError]], diagnostics: int, **fields: int
        ) -> Method:
            request, response = Message(**fields), Message(result=1, replaced_by=2, diagnostics=diagnostics)

            def call(data: bytes, caller: str) -> bytes:
                try:
                    answered = answer({**request.decode(data), "caller": caller})
                except RefusedError as refused:
                    answered = [refused]
                if isinstance(answered, bytes):
                    return response.encode(result=answered)
                if isinstance(answered, Change):
                    return response.encode(result=answered.planned, replaced_by=answered.replaced_by)
                return response.encode(diagnostics=[refused.encode() for refused in answered])

            return call

        return {
            "GetSchema": lambda _, _caller: self._schema,
            "PrepareProviderConfig": method(lambda request: bytes(request["config"]), 2, config=1),
            "Configure": method(self._configure, 1, config=2),
            "ValidateResourceTypeConfig": method(self._validate_resource, 1, type_name=1, config=2),
            "ValidateDataSourceConfig": method(self._validate_data_source, 1, type_name=1, config=2),
            "UpgradeResourceState": method(self._upgrade, 2, type_name=1, raw_state=3),
            "ReadResource": method(self._read, 2, type_name=1, state=2),
            "PlanResourceChange": method(self._plan, 4, type_name=1, prior=2, proposed=3),
            "ApplyResourceChange": method(self._apply, 3, type_name=1, prior=2, planned=3),
            "ReadDataSource": method(self._read_data_source, 2, type_name=1, config=2),
            "Stop": lambda _, _caller: b"",
        }

    def _configure(self, request: Request) -> list[RefusedError]:
        self._subscriptions[request["caller"]] = unpack(request["config"]).get("subscription_id")
        return []

    def _answers(self, type_name: str, known: Object, request: Request) -> Answers:
        return Answers(type_name, known, self._subscriptions[request["caller"]] or guid("a subscription"))

    def _validate_resource(self, request: Request) -> list[RefusedError]:
        return list(_unmet(self._resources[request["type_name"].decode()], unpack(request["config"])))

    def _validate_data_source(self, request: Request) -> list[RefusedError]:
        return list(_unmet(self._data_sources[request["type_name"].decode()], unpack(request["config"])))

    def _upgrade(self, request: Request) -> bytes:
        raw = json.loads(_RAW_STATE.decode(request["raw_state"])["json"])
        return pack(_from_json(self._resources[request["type_name"].decode()], raw))

    def _read(self, request: Request) -> bytes:
        type_name = request["type_name"].decode()
        return pack(self._cloud.find(type_name, _key(unpack(request["state"]))))

    def _plan(self, request: Request) -> Change:
        prior, proposed = unpack(request["prior"]), unpack(request["proposed"])
        if proposed is not None:
            for _, block, value in _objects(self._resources[request["type_name"].decode()], proposed):
                for name, attribute in block["attributes"].items():
                    if attribute.get("write_only"):
                        value[name] = None  # never in a plan or a state
                    elif prior is None and attribute.get("computed") and value[name] is None:
                        value[name] = UNKNOWN
        replaced_by = set()
        if prior is not None and proposed is not None:
            for argument in DROPPED_FACTS[request["type_name"].decode()].replaced_by:
                path = argument.split(".")
                if list(_values(prior, path)) != list(_values(proposed, path)):
                    replaced_by.add(attribute_path(path[0]))
        return Change(pack(proposed), replaced_by)

    def _apply(self, request: Request) -> bytes:
        type_name, prior, planned = request["type_name"].decode(), unpack(request["prior"]), unpack(request["planned"])
        if planned is None:
            self._cloud.delete(type_name, _key(prior))
            return pack(None)
        value = unpack(request["planned"])
        self._complete(type_name, value, self._answers(type_name, unpack(request["planned"]), request))
        change = self._cloud.create if prior is None else self._cloud.update
        change(type_name, _key(value), value, configured=planned)
        return pack(value)

    def _complete(self, type_name: str, value: Object, answers: Answers) -> None:
        """Fill in all that was to be known after the apply; `id` last, as it may hold the others."""
        for path, block, inner in _objects(self._resources[type_name], value):
            for name, attribute in block["attributes"].items():
                if isinstance(inner[name], msgpack.ExtType) and path + name != "id":
                    inner[name] = answers.value(path + name, attribute["type"])
        if isinstance(value.get("id"), msgpack.ExtType):
            value["id"] = answers.id(value)

    def _read_data_source(self, request: Request) -> bytes:
        type_name, value = request["type_name"].decode(), unpack(request["config"])
        resource = READS.get(type_name, type_name)
        answers = self._answers(resource, unpack(request["config"]), request)
        there: Object = {}
        if resource in IDS:
            found = self._cloud.find(resource, answers.id(value))
            if found is None:
                raise RefusedError(f"{type_name} was not found", f"Nothing has the id {answers.id(value)!r}.")
            there = found
            # What the cloud adds follows from the resource, not from the few arguments by which it is looked for.
            answers = self._answers(resource, there, request)
        for path, block, inner in _objects(self._data_sources[type_name], value):
            for name, attribute in block["attributes"].items():
                if attribute.get("computed") and inner[name] is None:
                    made_up = answers.value(path + name, attribute["type"])
                    inner[name] = _shaped(attribute["type"], there.get(name), made_up) if not path else made_up
        return pack(value)


def _objects(block: Block, value: Object, path: str = "") -> Iterator[tuple[str, Block, Object]]:
    """The object of a block and those of all blocks in it, each with the path to it."""
    yield path, block, value
    for name, nested in block["block_types"].items():
        inner = value[name]
        if nested["nesting_mode"] == "single":
            if inner is not None:
                yield from _objects(nested["block"], inner, f"{path}{name}.")
        elif isinstance(inner, list):
            for index, item in enumerate(inner):
                yield from _objects(nested["block"], item, f"{path}{name}[{index}].")


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    """Every value at the path, through all blocks on the way."""
    if not path:
        yield value
    elif isinstance(value, dict):
        yield from _values(value[path[0]], path[1:])
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, path)


def _unmet(block: Block, value: Object) -> Iterator[RefusedError]:
    """What Terraform leaves to every provider: that required arguments are not null and computed attributes not set."""
    for _, inner_block, inner in _objects(block, value):
        for name, attribute in inner_block["attributes"].items():
            if attribute.get("required") and inner[name] is None:
                yield RefusedError(
                    "Missing required argument",
                    f'The argument "{name}" is required, but no definition was found.',
                    name,
                )
            elif not (attribute.get("required") or attribute.get("optional")) and inner[name] is not None:
                yield RefusedError(
                    "Value for unconfigurable attribute", f'Can\'t configure a value for "{name}".', name
                )


def _key(value: Object) -> str:
    """What tells an object from others of its type: its id or, for a manifest, its name in Kubernetes."""
    if "id" in value:
        return str(value["id"])
    _, manifest = value["manifest"]
    return "/".join(
        [manifest["apiVersion"], manifest["kind"], *(manifest["metadata"].get(k, "") for k in ("namespace", "name"))]
    )


def _shaped(type_: Type, there: Any, made_up: Any) -> Any:
    """What is there in the type of a data source, which is often narrower; where it is wider, something made up."""
    match type_:
        case _ if there is None:
            return made_up
        case ["list" | "set", element]:
            fill = made_up[0] if made_up else None
            return [_shaped(element, item, fill) for item in there]
        case ["object", fields]:
            return {name: _shaped(field, there.get(name), made_up and made_up[name]) for name, field in fields.items()}
    return there


def _from_json(block: Block, raw: Object) -> Object:
    """A value as it stands in a state file, in the form that goes over the wire."""
    value: Object = {}
    for name, attribute in block["attributes"].items():
        value[name] = raw.get(name)
        if attribute["type"] == "dynamic" and value[name] is not None:
            value[name] = [json.dumps(raw[name]["type"]).encode(), raw[name]["value"]]
    for name, nested in block["block_types"].items():
        inner = raw.get(name)
        if nested["nesting_mode"] == "single":
            value[name] = inner and _from_json(nested["block"], inner)
        else:
            value[name] = [_from_json(nested["block"], item) for item in inner or ()]
    return value
