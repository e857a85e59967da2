"""What a synth writes depends on the settings alone, and holds nothing of one machine and no secret."""

import filecmp
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.product import CHECKOUT, STACKS, copy_program
from tests.template import Template

FORBIDDEN_TEXT = {
    "an unresolved token": re.compile(r"TfToken|TFTOKEN|Token\[", re.IGNORECASE),
    "a Python object": re.compile(r"<[\w.]+ object at 0x|_LazyBaseProxy"),
    "an absolute path": re.compile(rf'"(/tmp/|/home/|/root/|/Users/|[A-Z]:\\\\)|{re.escape(str(CHECKOUT))}[/"]'),
    "a private key": re.compile(r"-----BEGIN"),
    "a storage key or a signature": re.compile(r"AccountKey=|SharedAccessSignature|[?&]sig="),
    "a bearer token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\."),
}

SECRET_ARGUMENT = re.compile(r"(^|_)(password|secret|secrets|access_key|sas_token|token|connection_string)(_wo)?$")


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_no_stack_holds(what: str, any_stack: Path) -> None:
    text = (any_stack / "cdk.tf.json").read_text(encoding="utf-8")

    assert not FORBIDDEN_TEXT[what].findall(text)


@pytest.mark.req(11)
def test_no_argument_for_a_secret_holds_a_literal(any_stack: Path) -> None:
    document = Template.read(any_stack).document
    literals = [
        path
        for path, value in _arguments(document)
        if _names_a_secret(path) and isinstance(value, str) and not value.startswith("${")
    ]

    assert literals == []


def _names_a_secret(path: tuple[str, ...]) -> bool:
    return bool(SECRET_ARGUMENT.search(path[-1])) or ("azurerm_key_vault_secret" in path and path[-1] == "value")


def test_no_pod_is_told_a_secret(synthesised: Path) -> None:
    variables = [
        value["name"]
        for stack in STACKS
        for path, value in _arguments(Template.read(synthesised / "stacks" / stack).document)
        if len(path) > 1 and path[-2] == "env"
    ]

    assert variables
    assert [name for name in variables if SECRET_ARGUMENT.search(name.lower())] == []


@pytest.mark.req(52)
def test_no_step_sleeps_or_runs_a_script(any_stack: Path) -> None:
    document = Template.read(any_stack).document

    assert document["terraform"]["required_providers"].keys() <= {"azurerm", "azuread", "kubernetes"}
    assert [path for path, _ in _arguments(document) if path[-1] == "provisioner"] == []


def _arguments(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        here = (*path, str(key))
        yield here, child
        yield from _arguments(child, here)


def test_with_path_alone_synth_gives_the_same_bytes_everywhere(tmp_path: Path, synthesised: Path) -> None:
    checkouts = [copy_program(tmp_path / "checkout"), copy_program(tmp_path / "another-checkout")]
    for checkout, hash_seed in zip([*checkouts, checkouts[0]], ("0", "1", "4242"), strict=True):
        process_environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": hash_seed}
        subprocess.run(
            [sys.executable, "main.py"], cwd=checkout, env=process_environment, check=True, capture_output=True
        )
        assert _differing_files(checkout / "cdktf.out", synthesised) == []


def _differing_files(ours: Path, theirs: Path) -> list[str]:
    names = sorted(str(path.relative_to(ours)) for path in ours.rglob("[!.]*") if path.is_file())  # not the lock
    assert names == sorted(str(path.relative_to(theirs)) for path in theirs.rglob("*") if path.is_file())
    _, mismatched, unreadable = filecmp.cmpfiles(ours, theirs, names, shallow=False)
    return mismatched + unreadable
