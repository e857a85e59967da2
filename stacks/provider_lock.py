"""Lays beside each synthesised stack the lock of its providers: the reviewed releases and checksums are those that run.

https://developer.hashicorp.com/terraform/language/files/dependency-lock
"""

import json
import re
from pathlib import Path

LOCK = Path(__file__).with_name("providers.lock.hcl")
"""All providers of all stacks, as `make provider-lock` writes them."""

LAID_AS = ".terraform.lock.hcl"

_BLOCK = re.compile(r'^provider "registry\.terraform\.io/hashicorp/(\w+)" \{\n.*?^\}\n', re.MULTILINE | re.DOTALL)


def lay_beside(synthesised: Path) -> None:
    """Write each stack's lock into its folder; of what is not locked, Terraform says so when it may not lock it."""
    locked = {block[1]: block[0] for block in _BLOCK.finditer(LOCK.read_text(encoding="utf-8"))}
    for program in synthesised.glob("stacks/*/cdk.tf.json"):
        required = json.loads(program.read_text(encoding="utf-8"))["terraform"]["required_providers"]
        blocks = [locked[provider] for provider in sorted(required.keys() & locked.keys())]
        program.with_name(LAID_AS).write_text("\n".join(blocks), encoding="utf-8")
