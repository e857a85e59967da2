"""What the gate lets pass, what it refuses, and what it tells people; plans as Terraform's JSON describes them.

Whether it flags what Terraform really plans is for `test_dangerous_changes.py`.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from constructs_lib.naming import StackPurpose
from deployment.allowed import STACKS, InvalidAllowancesError, read_allowances
from deployment.plan import UnusablePlanError, read_plan
from deployment.summary import as_markdown, as_text
from deployment.verdict import judge
from tests.product import CHECKOUT

TODAY = date(2026, 11, 26)
VAULT, ROLE = "azurerm_key_vault.vault", "azurerm_role_assignment.pull"

Entry = dict[str, Any]


def entry(address: str, *actions: str, **more: Any) -> Entry:
    """A row of `resource_changes`; what is no part of a change stands beside it."""
    outside: Entry = {key: more.pop(key) for key in ("action_reason", "deposed", "previous_address") if key in more}
    return {
        "address": address,
        "mode": "managed",
        "type": address.partition(".")[0],
        "change": {"actions": list(actions), "before": {}, "after": {}, **more},
        **outside,
    }


def plan_of(*changes: Entry, **more: Any) -> str:
    return json.dumps({"format_version": "1.2", "resource_changes": changes, "complete": True, **more})


ALLOWED = {
    "stack": '"cluster"',
    "addresses": f'["{ROLE}"]',
    "action": '"destroy"',
    "because": '"The registry is read by another identity now."',
    "until": "2026-12-01",
}


def allowed(folder: Path, **changed: str) -> Path:
    """An environment's file, with one entry that has some keys changed, or left out if they are empty."""
    lines = [f"{key} = {value}" for key, value in {**ALLOWED, **changed}.items() if value]
    file = folder / "environments" / "allowed" / "dev.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["[[allow]]", *lines]), encoding="utf-8")
    return file


def refusals(plan: str, file: Path | None = None) -> list[str]:
    allowances = read_allowances(file, TODAY) if file else ()
    return [judged.refusal for judged in judge("dev-cluster", read_plan(plan), allowances, TODAY).refused]


@pytest.mark.parametrize(
    "change",
    [
        entry(ROLE, "no-op"),
        entry(VAULT, "create"),
        entry(VAULT, "update"),
        entry(VAULT, "no-op", previous_address="azurerm_key_vault.of_before"),
        entry(VAULT, "no-op", importing={"id": "an id"}),
        entry("data.azurerm_kubernetes_cluster.cluster", "read"),
        # Nothing uses what failed half-way, so that a deployment that is run again clears it away.
        entry(ROLE, "delete", "create", action_reason="replace_because_tainted"),
        entry(ROLE, "delete", deposed="0a1b2c3d"),
    ],
)
def test_what_loses_and_interrupts_nothing_passes(change: Entry) -> None:
    assert refusals(plan_of(change)) == []


@pytest.mark.parametrize(
    "change",
    [
        entry(ROLE, "delete"),
        entry(ROLE, "delete", "create"),
        entry(ROLE, "create", "delete"),
        entry(ROLE, "forget"),
        entry(VAULT, "delete", "create", action_reason="replace_because_tainted"),
        entry(VAULT, "delete", deposed="0a1b2c3d"),
        entry("azurerm_of_a_later_release.one", "delete"),
    ],
)
def test_what_goes_is_refused_unless_it_is_allowed(change: Entry) -> None:
    assert refusals(plan_of(change)) == ["is not allowed"]


def test_an_entry_allows_its_action_on_its_address_in_its_stack(tmp_path: Path) -> None:
    destroyed = plan_of(entry(ROLE, "delete"))
    assert refusals(destroyed, allowed(tmp_path)) == []
    assert refusals(destroyed, allowed(tmp_path, stack='"network"')) == ["is not allowed"]
    assert refusals(destroyed, allowed(tmp_path, action='"replace"')) == ["is not allowed"]
    assert refusals(destroyed, allowed(tmp_path, addresses=f'["{ROLE}s"]')) == ["is not allowed"]
    assert refusals(destroyed, allowed(tmp_path, addresses='["*"]')) == []


def test_an_entry_ends_after_its_last_day(tmp_path: Path) -> None:
    destroyed = plan_of(entry(ROLE, "delete"))
    assert refusals(destroyed, allowed(tmp_path, until="2026-11-26")) == []
    assert refusals(destroyed, allowed(tmp_path, until="2026-11-25")) == ["was allowed until 2026-11-25, which is over"]


@pytest.mark.parametrize("addresses", [f'["{VAULT}"]', '["*"]'])
def test_what_cannot_be_made_again_must_be_allowed_to_be_lost(addresses: str, tmp_path: Path) -> None:
    destroyed = plan_of(entry(VAULT, "delete"))
    assert refusals(destroyed, allowed(tmp_path, addresses=addresses)) == [
        "allowed, but not to lose anything: its entry needs `loses_data = true`"
    ]
    assert refusals(destroyed, allowed(tmp_path, addresses=addresses, loses_data="true")) == []


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"stack": '"clutser"'}, "stack: must be one of state-backend, network, cluster, workloads"),
        ({"addresses": ""}, "addresses: is missing"),
        ({"addresses": "[]"}, "addresses: must be a list of addresses"),
        ({"addresses": f'["{ROLE}", "*"]'}, "addresses: must name each once"),
        ({"action": '"update"'}, "action: must be one of destroy, replace, forget"),
        ({"because": '"needed"'}, "because: must say why, in at least 20 letters"),
        ({"until": ""}, "until: is missing"),
        ({"until": '"2026-12-01"'}, "until: must be a date without quotes"),
        ({"until": "2026-12-01T00:00:00"}, "until: must be a date without quotes"),
        ({"until": "2027-02-27"}, "until: is more than 92 days ahead"),
        ({"loses_data": '"yes"'}, "loses_data: must be true or false"),
        ({"untill": "2026-12-01"}, "untill: is not a key; known: stack, addresses, action"),
    ],
)
def test_a_mistake_in_an_entry_is_told_with_its_place(changed: dict[str, str], mistake: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidAllowancesError) as told:
        read_allowances(allowed(tmp_path, **changed), TODAY)
    assert str(told.value).startswith(f"environments/allowed/dev.toml: allow[1].{mistake}")


@pytest.mark.parametrize("text", ["allow = 1", "[[allowed]]", "[[allow]", "\xff"])
def test_a_file_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    file = allowed(tmp_path)
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidAllowancesError, match=r"^environments/allowed/dev\.toml: (must|is|cannot)"):
        read_allowances(file, TODAY)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Error: no plan", "is not JSON"),
        ("[]", "is no plan"),
        ('{"format_version": "1.0", "terraform_version": "1.11.4"}', "is a state"),
        ('{"format_version": "2.0"}', "newer than this gate"),
        (plan_of(errored=True), "ended with errors"),
        (plan_of(entry(VAULT, "open")), "does open to azurerm_key_vault.vault, which this gate does not know"),
    ],
)
def test_what_cannot_be_judged_is_refused(text: str, fault: str) -> None:
    with pytest.raises(UnusablePlanError, match=fault):
        read_plan(text)


def told(plan: str, *files: Path) -> str:
    allowances = [one for file in files for one in read_allowances(file, TODAY)]
    verdict = judge("dev-cluster", read_plan(plan), allowances, TODAY)
    text, page = as_text(verdict), as_markdown(verdict)
    # One says what the other does.
    assert all(line.split(maxsplit=1)[-1] in page.replace("&lt;", "<") for line in text.splitlines() if line)
    return text


def test_the_summary_says_what_forces_a_replacement_and_what_it_interrupts() -> None:
    text = told(
        plan_of(
            entry(
                "azurerm_firewall.firewall",
                "delete",
                "create",
                replace_paths=[["ip_configuration", 0, "subnet_id"], ["zones"]],
                action_reason="replace_because_cannot_update",
            ),
            entry("azurerm_mssql_database.db", "delete", action_reason="delete_because_no_resource_config"),
            entry("azurerm_mssql_database.database", "create"),
        )
    )
    assert text.startswith("dev-cluster: 1 to destroy, 1 to replace, 1 to create\n")
    assert "forced by ip_configuration.subnet_id, zones\n" in text
    assert "Nothing leaves the network, for about 20 minutes.\n" in text
    assert "If azurerm_mssql_database.database, which is created, is the same under another name" in text
    assert "Lost: its data; for the days of its backups it can be restored.\n" in text


def test_the_summary_names_what_an_update_changes_and_interrupts() -> None:
    pool = {"name": "system", "vm_size": "Standard_D2ds_v5", "max_count": 3}
    text = told(
        plan_of(
            entry(
                "azurerm_kubernetes_cluster.cluster",
                "update",
                before={"default_node_pool": [pool], "tags": {"owner": "a"}, "id": "1", "oidc": "x"},
                after={
                    "default_node_pool": [{**pool, "vm_size": "Standard_D4ds_v5"}],
                    "tags": {"owner": "b", "more": "c"},
                    "id": "1",
                },
                after_unknown={"oidc": True, "default_node_pool": [{}], "tags": {}},
            )
        )
    )
    assert "changes default_node_pool.vm_size, oidc, tags.more, tags.owner\n" in text
    assert "All nodes of the pool are replaced, undrained, while a temporary pool stands in.\n" in text
    assert text.endswith("The plan may be applied.")


def test_the_summary_tells_of_what_happened_outside_and_of_what_later_stacks_lose() -> None:
    text = told(
        plan_of(
            resource_drift=[
                entry(VAULT, "update", before={"sku_name": "standard"}, after={"sku_name": "premium"}),
                entry(ROLE, "delete"),
            ],
            output_changes={"issuer": {"actions": ["delete"]}, "other": {"actions": ["update"]}},
            complete=False,
        )
    )
    assert text.splitlines()[0] == "dev-cluster: no changes"
    assert f"Changed outside Terraform: {VAULT}: sku_name\n" in text
    assert f"Changed outside Terraform: {ROLE}: is no longer there\n" in text
    assert "Outputs that go, and that a later stack may read: issuer\n" in text
    assert "The plan is not whole" in text


def test_entries_that_are_over_or_allow_nothing_are_named(tmp_path: Path) -> None:
    text = told(plan_of(), allowed(tmp_path))
    assert f"Allowed, and not in this plan; delete the entry once it is deployed: destroy {ROLE}\n" in text
    text = told(plan_of(), allowed(tmp_path, until="2026-11-01"))
    assert f"Allowed until 2026-11-01, which is over; delete the entry: destroy {ROLE}\n" in text


def test_an_environment_that_stands_without_a_lock_is_told_how_to_get_one() -> None:
    nothing: Entry = {"values": {}}
    something: Entry = {"values": {"root_module": {"child_modules": [{"resources": [{"mode": "managed"}]}]}}}
    hint = "ENVIRONMENTS=dev make lock"
    for state, locked, expected in ((something, False, True), (something, True, False), (nothing, False, False)):
        plan = read_plan(plan_of(prior_state=state))
        assert (hint in as_text(judge("dev-cluster", plan, (), TODAY, locked=locked))) is expected


def test_no_value_is_told_and_no_key_of_a_secret() -> None:
    """A map may be secret with its keys."""
    text = told(
        plan_of(
            entry(
                "azurerm_key_vault.vault",
                "update",
                before={"secret": {"key-of-before": "value-of-before"}, "plain": "value-of-before"},
                after={"secret": {"key-of-after": "value-of-after"}, "plain": "value-of-after"},
                before_sensitive={},
                after_sensitive={"secret": True},
            )
        )
    )
    assert "changes plain, secret\n" in text
    assert "-of-" not in text


def test_a_tag_cannot_command_the_agent_or_the_terminal() -> None:
    key = "##vso[task.setvariable variable=x]\x1b[2J"
    text = told(plan_of(resource_drift=[entry(VAULT, "update", before={"tags": {}}, after={"tags": {key: "1"}})]))
    assert "##" not in text
    assert text.replace("\n", "").isprintable()


def test_what_is_refused_is_shown_as_the_entry_that_would_allow_it(tmp_path: Path) -> None:
    plan = plan_of(
        entry('azurerm_private_endpoint.one["a \\"b\\""]', "delete"), entry(ROLE, "delete"), entry(VAULT, "delete")
    )
    _, _, entries = told(plan).partition("has it reviewed.\n")
    file = allowed(tmp_path)
    file.write_text(
        entries.replace('because = ""', 'because = "All of it is moved away."').replace("until =", "until = 2026-12-01")
    )
    assert refusals(plan, file) == []


# Without what is installed, as in a stage of a pipeline that installs nothing.
START = f"""
import runpy, sys
sys.path.insert(0, {str(CHECKOUT)!r})
runpy.run_module("deployment.gate", run_name="__main__")
"""


def test_the_command_ends_with_0_for_a_plan_that_may_be_applied_and_with_2_for_every_other(tmp_path: Path) -> None:
    def run(plan: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - written here
            [sys.executable, "-I", "-S", "-c", START, *arguments],
            input=plan,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

    page = tmp_path / "summary.md"
    passes = run(plan_of(entry(VAULT, "create")), "-", "--stack", "dev-cluster", "--markdown", str(page))
    assert (passes.returncode, passes.stderr) == (0, "")
    assert page.read_text(encoding="utf-8").startswith("### dev-cluster: 1 to create\n")
    assert run(plan_of(entry(VAULT, "delete")), "-", "--stack", "dev-cluster").returncode == 2
    for arguments, fault in {
        ("-", "--stack", "dev"): "argument --stack: must be <environment>-<purpose>",
        ("missing.json", "--stack", "dev-cluster"): "missing.json: No such file or directory",
        ("-", "--stack", "dev-cluster"): "-: is not JSON",
    }.items():
        done = run("{", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert fault in done.stderr


def test_the_stacks_are_those_that_are_built() -> None:
    assert get_args(StackPurpose) == STACKS
