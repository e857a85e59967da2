"""Terraform's plugin protocol 5: messages as bytes, values as msgpack, a gRPC server on a Unix socket.

Only what a stand-in provider needs is here, under the names and numbers of Terraform's
`docs/plugin-protocol/tfplugin5.proto`; the five scalar rules of the protobuf encoding that it uses take less room
than generated stubs and their compiler would.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import msgpack

from rehearsal.provider_schema import Block, ProviderSchema

UNKNOWN = msgpack.ExtType(0, b"\0")  # Terraform's "known after apply"


class Message:
    """A protobuf message type: its fields' names and numbers, both ways."""

    def __init__(self, **numbers: int) -> None:
        self._numbers = numbers
        self._names = {number: name for name, number in numbers.items()}

    def encode(self, **values: int | str | bytes | Iterable[bytes] | None) -> bytes:
        """Write the given fields; None, zero and False are the defaults of protobuf and are left out."""
        out = bytearray()
        for name, value in values.items():
            number = self._numbers[name]
            if isinstance(value, int):
                out += _varint(number << 3) + _varint(value) if value else b""
            elif value is not None:
                for item in [value] if isinstance(value, str | bytes) else value:
                    data = item.encode() if isinstance(item, str) else item
                    out += _varint(number << 3 | 2) + _varint(len(data)) + data
        return bytes(out)

    def decode(self, data: bytes) -> dict[str, Any]:
        """Read the fields that this type names; the last value of each."""
        fields: dict[str, Any] = {}
        at = 0
        while at < len(data):
            key, at = _read_varint(data, at)
            value: int | bytes
            if key & 7 == 0:
                value, at = _read_varint(data, at)
            else:  # 2, length-delimited: protocol 5 sends a provider nothing else
                size, at = _read_varint(data, at)
                value, at = data[at : at + size], at + size
            if name := self._names.get(key >> 3):
                fields[name] = value
        return fields


def _varint(n: int) -> bytes:
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    n = shift = 0
    while True:
        n |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return n, at


# --- values

_DYNAMIC = Message(msgpack=1)


def pack(value: Any) -> bytes:
    """Encode a value as Terraform does on the wire."""
    return _DYNAMIC.encode(msgpack=msgpack.packb(value))


def unpack(data: bytes | None) -> Any:
    """Decode a value from the wire; a field that was not sent is null."""
    return msgpack.unpackb(_DYNAMIC.decode(data)["msgpack"], strict_map_key=False) if data else None


# --- diagnostics

_DIAGNOSTIC = Message(severity=1, summary=2, detail=3, attribute=4)
_PATH = Message(steps=1)
_STEP = Message(attribute_name=1)


def attribute_path(name: str) -> bytes:
    """The path to an attribute or block at the top of a value."""
    return _PATH.encode(steps=[_STEP.encode(attribute_name=name)])


class RefusedError(Exception):
    """What a provider tells the user instead of doing what Terraform asked."""

    def __init__(self, summary: str, detail: str, attribute: str | None = None) -> None:
        super().__init__(summary, detail, attribute)

    def encode(self) -> bytes:
        """The diagnostic that Terraform prints."""
        summary, detail, attribute = self.args
        path = attribute_path(attribute) if attribute else None
        return _DIAGNOSTIC.encode(severity=1, summary=summary, detail=detail, attribute=path)


# --- schemas

_SCHEMA = Message(block=2)
_BLOCK = Message(attributes=2, block_types=3)
_ATTRIBUTE = Message(name=1, type=2, required=4, optional=5, computed=6, sensitive=7, write_only=10)
_NESTED = Message(type_name=1, block=2, nesting=3, min_items=4, max_items=5)
_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}
_MAP_ENTRY = Message(key=1, value=2)
_PROVIDER_SCHEMA = Message(provider=1, resources=2, data_sources=3, capabilities=6)
_CAPABILITIES = Message(schema_may_be_cached=2)


def encode_schema(schema: ProviderSchema) -> bytes:
    """The answer to GetSchema."""
    return _PROVIDER_SCHEMA.encode(
        provider=_SCHEMA.encode(block=_encode_block(schema["provider"])),
        resources=_encode_blocks(schema["resources"]),
        data_sources=_encode_blocks(schema["data_sources"]),
        capabilities=_CAPABILITIES.encode(schema_may_be_cached=True),
    )


def _encode_blocks(blocks: Mapping[str, Block]) -> list[bytes]:
    return [_MAP_ENTRY.encode(key=k, value=_SCHEMA.encode(block=_encode_block(block))) for k, block in blocks.items()]


def _encode_block(block: Block) -> bytes:
    return _BLOCK.encode(
        attributes=[
            _ATTRIBUTE.encode(**{**attribute, "name": name, "type": json.dumps(attribute["type"])})
            for name, attribute in block["attributes"].items()
        ],
        block_types=[
            _NESTED.encode(
                type_name=name,
                block=_encode_block(nested["block"]),
                nesting=_NESTING[nested["nesting_mode"]],
                min_items=nested.get("min_items"),
                max_items=nested.get("max_items"),
            )
            for name, nested in block["block_types"].items()
        ],
    )


# --- server


Method = Callable[[bytes, str], bytes]
"""Answers a request, and is told who asks: each connection is another caller."""


def serve(methods: Mapping[str, Method]) -> tuple[grpc.Server, str]:
    """Start answering the provider service's methods; returns the server and where it listens.

    Not on a Unix socket, behind which every caller looks the same.
    """

    def handler(method: Method) -> grpc.RpcMethodHandler:
        return grpc.unary_unary_rpc_method_handler(lambda request, context: method(request, context.peer()))

    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.max_send_message_length", -1)])
    service = grpc.method_handlers_generic_handler("tfplugin5.Provider", {n: handler(m) for n, m in methods.items()})
    server.add_generic_rpc_handlers((service,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, f"127.0.0.1:{port}"


def reattach(listening: Mapping[str, str]) -> str:
    """The value of TF_REATTACH_PROVIDERS for servers that listen there, by provider address."""
    return json.dumps(
        {
            address: {
                "Protocol": "grpc",
                "ProtocolVersion": 5,
                "Pid": os.getpid(),
                "Test": True,  # the server outlives the command
                "Addr": {"Network": "tcp", "String": where},
            }
            for address, where in listening.items()
        }
    )
