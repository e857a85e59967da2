"""Public keys of OpenSSH, read as what they are: https://datatracker.ietf.org/doc/html/rfc4253#section-6.6."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

FEWEST_RSA_BITS = 2048


def _public_key(text: str) -> str:
    """OpenSSH public key in one line, Ed25519 or RSA of 2048 bits or more; a comment may follow."""
    # Azure takes no others: internal/services/compute/validate/ssh_key.go of the azurerm provider.
    algorithm, _, rest = text.partition(" ")
    shape = "must be an OpenSSH public key in one line, such as 'ssh-ed25519 AAAA… ops@example.com'"
    if text != text.strip() or not text.isprintable():
        raise ValueError(shape)
    try:
        parts = list(_strings(b64decode(rest.partition(" ")[0], validate=True)))
    except ValueError:
        raise ValueError(shape) from None
    if algorithm not in ("ssh-ed25519", "ssh-rsa") or parts[:1] != [algorithm.encode()]:
        raise ValueError(f"{shape}; Azure takes Ed25519 and RSA")
    if algorithm == "ssh-rsa":
        bits = int.from_bytes(parts[2], "big").bit_length() if len(parts) == 3 else 0
        if bits < FEWEST_RSA_BITS:
            raise ValueError(f"has {bits} bits; an RSA key needs {FEWEST_RSA_BITS} or more")
    elif [len(part) for part in parts[1:]] != [32]:
        raise ValueError("is cut short or damaged; an Ed25519 key needs 32 bytes")
    return text


def _strings(blob: bytes) -> Iterator[bytes]:
    """The parts of a key, each after its length in four bytes."""
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length:
            raise ValueError("ends within a part")
        yield blob[4 : 4 + length]
        blob = blob[4 + length :]


SshPublicKey = Annotated[str, AfterValidator(_public_key)]
"""Whose owner may sign in to a machine."""
