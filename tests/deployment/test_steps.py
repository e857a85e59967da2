"""What the steps of a pipeline rest on: who signs in, that nobody changes what is handed on, which tools are taken."""

import ast
import hashlib
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from constructs_lib.naming import Naming
from deployment import azure_pipelines, checksums, compare
from deployment.parcel import container_of
from deployment.terraform import signed_in, terraform
from deployment.tools import TOOLS, ToolError, differing, program_in
from tests.product import CHECKOUT, ENVIRONMENTS, STACKS

IN_A_STEP = {
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "a connection",
    "AZURESUBSCRIPTION_CLIENT_ID": "a client",
    "AZURESUBSCRIPTION_TENANT_ID": "a tenant",
    "SYSTEM_ACCESSTOKEN": "a token",
    "SYSTEM_OIDCREQUESTURI": "https://where.example.com",
}


@pytest.mark.req(9)
@pytest.mark.req(67)
def test_in_a_pipeline_terraform_and_kubelogin_ask_for_tokens_themselves() -> None:
    added = dict(signed_in(IN_A_STEP).items() - IN_A_STEP.items())

    # https://developer.hashicorp.com/terraform/language/backend/azurerm, and the provider's guide
    assert {name: value for name, value in added.items() if name.startswith(("ARM_", "AAD_"))} == {
        "ARM_USE_OIDC": "true",
        "ARM_USE_CLI": "false",
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "a connection",
        "ARM_CLIENT_ID": "a client",
        "ARM_TENANT_ID": "a tenant",
        "ARM_OIDC_REQUEST_TOKEN": "a token",
        "ARM_OIDC_REQUEST_URL": "https://where.example.com",
        "AAD_LOGIN_METHOD": "azurepipelines",
    }
    with pytest.raises(KeyError, match="SYSTEM_ACCESSTOKEN"):  # a step that forgot to hand it over
        signed_in({name: value for name, value in IN_A_STEP.items() if name != "SYSTEM_ACCESSTOKEN"})


def test_on_a_persons_machine_the_azure_cli_is_signed_in() -> None:
    assert not [name for name in signed_in({"PATH": "/bin"}) if name.startswith(("ARM_", "AAD_"))]


@pytest.mark.parametrize("stack", [stack for stack in STACKS if not stack.endswith("state-backend")])
def test_a_parcel_lies_in_the_container_of_its_stacks_plans(stack: str, synthesised: Path) -> None:
    environment, _, purpose = stack.partition("-")
    naming = Naming.of(ENVIRONMENTS[environment])

    assert container_of(synthesised / "stacks" / stack / "cdk.tf.json") == (
        naming.state_storage_account,
        naming.plan_container(purpose),  # type: ignore[arg-type]
    )


def test_what_a_command_says_cannot_begin_another_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TF_BUILD", "True")
    azure_pipelines.report_error("first\n##vso[task.complete result=Succeeded]")
    assert capsys.readouterr().out.count("\n") == 1

    monkeypatch.delenv("TF_BUILD")
    azure_pipelines.set_output("changes", "true")
    assert capsys.readouterr().out == ""


@pytest.mark.req(18)
def test_what_stands_in_azure_is_no_command_to_the_agent_that_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The plan shows the tags that a resource has, whoever wrote them."""
    tool = tmp_path / "terraform"
    tool.write_text("#!/bin/sh\necho '~ owner = \"##vso[artifact.upload artifactname=a]/plan.json\"'\nexit 2\n")
    tool.chmod(0o755)
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", str(tool))
    monkeypatch.setenv("TF_BUILD", "True")

    assert terraform(tmp_path, "plan", accepted=(0, 2)) == 2
    assert capfd.readouterr().out == '~ owner = "## vso[artifact.upload artifactname=a]/plan.json"\n'
    with pytest.raises(SystemExit, match="2"):
        terraform(tmp_path, "apply")


def test_a_tool_that_is_cancelled_is_heard_to_its_end(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Terraform writes its state when a job is cancelled, and would die of a pipe that nobody reads any more."""
    monkeypatch.setenv("TF_BUILD", "True")
    cancelling = 'sleep 0.3; kill -s INT "$PPID"; sleep 0.3; echo the state is written; exit 3'

    assert azure_pipelines.relay("sh", "-c", cancelling) == 3
    assert capfd.readouterr().out == "the state is written\n"


@pytest.mark.req(67)
def test_a_tool_is_taken_only_with_its_checksum() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("terraform", "a program")
    reviewed = replace(TOOLS["terraform"], sha256=hashlib.sha256(archive.getvalue()).hexdigest())

    assert program_in(reviewed, archive.getvalue()) == b"a program"
    with pytest.raises(ToolError, match="should have 702b2136"):
        program_in(TOOLS["terraform"], archive.getvalue())


@pytest.mark.parametrize(
    ("says", "differs"),
    [("kubelogin version\ngit hash: v0.2.19/eaf6a7\n", False), ("git hash: v0.2.1/eaf6a7", True), (None, True)],
    ids=["the one", "another", "none"],
)
def test_another_version_of_a_tool_is_named(
    says: str | None,
    differs: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    if says:
        (tmp_path / "kubelogin").write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\n")
        (tmp_path / "kubelogin").chmod(0o755)

    found = differing(["kubelogin"])

    assert bool(found) is differs
    assert all("0.2.19" in sentence for sentence in found)


def test_checksums_are_what_sha256sum_takes(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "cdk.tf.json").write_text("{}")
    (tmp_path / "SHA256SUMS").write_text(checksums.checksums(tmp_path))

    checked = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"],  # noqa: S607
        cwd=tmp_path,
        check=False,
        capture_output=True,
    )
    assert checked.returncode == 0
    (tmp_path / "stacks" / "cdk.tf.json").write_text("{} ")
    assert checksums.checksums(tmp_path) != (tmp_path / "SHA256SUMS").read_text()


def test_a_page_names_what_is_new_changed_and_gone(tmp_path: Path) -> None:
    for name, program in {
        "before": '{"resource": {"azurerm_subnet": {"a": {"//": 1, "name": "x"}, "b": {"name": "y"}, "e": {}}}}',
        "after": '{"resource": {"azurerm_subnet": {"a": {"//": 2, "name": "x"}, "b": {"name": "z"}, "c": {}}}}',
    }.items():
        (tmp_path / name / "stacks" / "dev-network").mkdir(parents=True)
        (tmp_path / name / "stacks" / "dev-network" / "cdk.tf.json").write_text(program)

    page = compare.compare(tmp_path / "before", tmp_path / "after").splitlines()

    assert page[:2] == ["### dev-network", ""]
    assert page[4:] == [
        "| changed | `azurerm_subnet.b` | `name` |",
        "| new | `azurerm_subnet.c` | |",
        "| **gone** | `azurerm_subnet.e` | |",
        "",
    ]
    assert compare.compare(tmp_path / "after", tmp_path / "after") == "No stack differs.\n"


# What the later stages of a deployment run. The address lock is for `make test`, and reads the settings.
LATER = (
    "allowed",
    "apply_plan",
    "azure_pipelines",
    "drift",
    "gate",
    "kinds",
    "parcel",
    "plan",
    "save_plan",
    "terraform",
    "tools",
)


@pytest.mark.parametrize("name", LATER)
def test_what_later_stages_run_needs_no_installation(name: str) -> None:
    tree = ast.parse((CHECKOUT / "deployment" / f"{name}.py").read_text(encoding="utf-8"))
    imported = {
        module.partition(".")[0]
        for node in ast.walk(tree)
        for module in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported <= sys.stdlib_module_names | {"deployment"}
