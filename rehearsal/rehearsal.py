"""A deployment from nothing to nothing: every stack of an environment, in order, by the real Terraform, with no cloud.

    ENV=dev python -m rehearsal.rehearsal

It deploys the stacks with real outputs flowing from one to the next, plans them again and finds nothing to do, lets
others change what they may and what they may not, and destroys everything in reverse, once the locks that keep
something of another stack are lifted by hand. Whatever goes wrong ends it with what Terraform said.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from config import choice
from config.environment import EnvironmentSettings
from config.loading import NOTICES_TOLD, load_one_or_exit
from constructs_lib.changes_by_others import CHANGES_BY_OTHERS, LetBe, Written
from constructs_lib.naming import Naming
from constructs_lib.network.private_link_resources import (
    PRIVATE_LINK_RESOURCES,
    kubernetes_dns_zone,
    named_by_policy,
)
from rehearsal.cloud import Cloud, Object
from rehearsal.core import CHECKOUT, Terraform, TerraformError, offline, planned_changes, schema_of
from rehearsal.drift import act_out, is_written, same, steps, value_at
from rehearsal.dropped_facts import DROPPED_FACTS
from rehearsal.local_state import local_copy, protected

Say = Callable[[str], None]


class RehearsalError(Exception):
    """Terraform did as it was told, and the outcome is not what the stacks promise."""


@dataclass(frozen=True)
class Deployed:
    """What the closing table says of a stack."""

    stack: str
    resources: int
    seconds: float


def deployment_order(synthesised: Path, environment: str) -> list[str]:
    """The environment's stacks, each after those that it depends on; the state backend, which stands apart, first."""
    stacks = json.loads((synthesised / "manifest.json").read_text())["stacks"]
    ours = [stack for stack in stacks if stack.partition("-")[0] == environment]
    order = TopologicalSorter({stack: stacks[stack]["dependencies"] for stack in ours}).static_order()
    return sorted(order, key=lambda stack: stack != f"{environment}-state-backend")


@dataclass(frozen=True)
class Standing:
    """A resource that was deployed, and what the program says of it."""

    address: str
    type_: str
    id_: str
    arguments: Object


@dataclass(frozen=True)
class Drift:
    """An argument that others have changed."""

    of: Standing
    argument: str
    before: Any
    after: Any


class Rehearsal:
    """The stacks of one environment, copied to a directory of their own, with their states in files."""

    def __init__(
        self,
        terraform: Terraform,
        cloud: Cloud,
        synthesised: Path,
        environment: EnvironmentSettings,
        directory: Path,
        say: Say,
    ) -> None:
        self._terraform, self._cloud, self._say = terraform, cloud, say
        self._environment, self._naming = environment, Naming.of(environment)
        cloud.give(environment.model_dump(mode="json"))  # whatever a person names by its id is there
        cloud.give(self._zones_of_the_company())
        # Whoever deploys gives the secrets their values.
        variables = [secret.variable for secret in environment.cluster.vault_secrets]
        terraform.environment |= {f"TF_VAR_{name}": "rehearsed" for name in variables}
        self._states = directory / "states"
        self._originals = {
            stack: synthesised / "stacks" / stack for stack in deployment_order(synthesised, environment.name)
        }
        self._copies = {
            stack: local_copy(original, directory / stack, self._states) for stack, original in self._originals.items()
        }
        self._state_backend, self._network, self._cluster = (
            f"{environment.name}-{purpose}" for purpose in ("state-backend", "network", "cluster")
        )
        self.left_to_others: list[Drift] = []

    def _zones_of_the_company(self) -> list[str]:
        network = self._environment.network
        if network.private_dns is None:
            return []
        zones = [resource.dns_zone for resource in PRIVATE_LINK_RESOURCES]
        zones.append(kubernetes_dns_zone(self._environment.region, network.api_server))
        return [self._naming.private_dns_zone_id(zone) for zone in zones]

    def run(self) -> list[Deployed]:
        """Deploy, plan again, drift, destroy; tell of each step.

        Raises:
            TerraformError: Terraform or the cloud refused something.
            RehearsalError: a step went through with the wrong outcome.

        """
        rows = [self.deploy(stack) for stack in self._copies]
        for stack in self._copies:
            self.change_what_others_may(stack)
        for stack in (self._network, self._cluster):
            self.retag_private_endpoints(stack)
        for stack in self._copies:
            self.change_what_others_may_not(stack)
        self.let_the_policy_write_names()
        self.lift_locks()
        for stack in reversed(self._copies):
            self.destroy(stack)
        if len(self._cloud):
            raise RehearsalError(f"everything was destroyed, and {len(self._cloud)} resources are left")
        return rows

    def deploy(self, stack: str) -> Deployed:
        """Apply a stack for the first time."""
        started = time.monotonic()
        self._terraform.run(self._copies[stack], "init")
        row = Deployed(stack, self._apply(stack, "create"), time.monotonic() - started)
        self._tell(stack, f"deployed {row.resources} resources")
        return row

    def retag_private_endpoints(self, stack: str) -> None:
        """Another tag on the endpoints, and on the group around them, moves none of their records."""
        program_file = self._copies[stack] / "cdk.tf.json"
        program = json.loads(program_file.read_text())
        retagged = {
            f"{type_}.{name}": body
            for type_ in ("azurerm_private_endpoint", "azurerm_resource_group")
            for name, body in program["resource"].get(type_, {}).items()
        }
        for body in retagged.values():
            body["tags"]["owner"] = "somebody else"
        program_file.write_text(json.dumps(program))
        self._expect_plan(stack, dict.fromkeys(retagged, "update"))
        local_copy(self._originals[stack], self._copies[stack], self._states)
        self._tell(stack, f"tags of the group and its {len(retagged) - 1} private endpoints changed: no other change")

    def change_what_others_may(self, stack: str) -> None:
        """All that `CHANGES_BY_OTHERS` leaves to others, in every resource at once: nothing to do for the next plan."""
        drifts = [
            drift
            for one in self._standing(stack)
            for row in CHANGES_BY_OTHERS.get(one.type_, ())
            if isinstance(row, LetBe) and not _is_put_back(row, one)
            if (drift := self._change(one, row.argument))
        ]
        self.left_to_others += drifts
        self._expect_plan(stack, {})
        self._tell(stack, f"planned again, {len(drifts)} arguments changed by others as they may: no changes")

    def let_the_policy_write_names(self) -> None:
        """The company's policy, if there is one, joins endpoints to its zones; the stacks let it."""
        by_policy = named_by_policy(self._environment.network)
        zones = {resource.subresource: self._naming.private_dns_zone_id(resource.dns_zone) for resource in by_policy}
        joined = self._cloud.join_zones(zones)
        for stack in (self._network, self._cluster) if joined else ():
            self._expect_plan(stack, {})
            self._tell(stack, f"the company's policy joined {joined} private endpoints to its zones: no changes")

    def change_what_others_may_not(self, stack: str) -> None:
        """What they are known to change besides is put back by the next deployment, and what is theirs stays."""
        drifts = [
            drift
            for one in self._standing(stack)
            for row in CHANGES_BY_OTHERS.get(one.type_, ())
            if (not isinstance(row, LetBe) or _is_put_back(row, one)) and not _replaces(one.type_, row.argument)
            if (drift := self._change(one, row.argument))
        ]
        # What a plan of its own would say, the apply says too, before it acts.
        planned = planned_changes(self._terraform.events(self._copies[stack], "apply", "-auto-approve"))
        self._compare(stack, planned, {drift.of.address: "update" for drift in drifts})
        for drift in drifts:
            self._expect_in_the_cloud(drift, drift.before)
        addresses = {drift.of.address for drift in drifts}
        for drift in self.left_to_others:
            if drift.of.address in addresses:
                self._expect_in_the_cloud(drift, drift.after)
        self._tell(stack, f"{len(drifts)} arguments changed as nobody may: all put back")

    def _standing(self, stack: str) -> Iterator[Standing]:
        copy = self._copies[stack]
        program, override = (json.loads((copy / name).read_text()) for name in ("cdk.tf.json", "override.tf.json"))
        state = json.loads(Path(override["terraform"]["backend"]["local"]["path"]).read_text())
        for resource in state["resources"]:
            type_, name = resource["type"], resource["name"]
            for instance in resource["instances"] if resource["mode"] == "managed" else ():
                index = f'["{instance["index_key"]}"]' if "index_key" in instance else ""
                arguments = program["resource"][type_][name]
                yield Standing(f"{type_}.{name}{index}", type_, instance["attributes"].get("id", ""), arguments)

    def _change(self, one: Standing, argument: str) -> Drift | None:
        there = self._cloud.find(one.type_, one.id_)
        assert there, one
        before = value_at(argument, there)
        changed = act_out(argument, schema_of(one.type_), there)
        return Drift(one, argument, before, value_at(argument, there)) if changed else None

    def _expect_in_the_cloud(self, drift: Drift, expected: Any) -> None:
        found = value_at(drift.argument, self._cloud.find(drift.of.type_, drift.of.id_))
        if not same(found, expected):
            raise RehearsalError(f"{drift.of.address}: {drift.argument} should be {expected}, and is {found}")

    def lift_locks(self) -> None:
        """Lift those that keep something of another stack: roles on vault and metrics, the endpoint of the state."""
        naming = self._naming
        locked = (naming.key_vault_id, naming.metrics_workspace_id, naming.state_storage_account_id)
        lifted = sum(map(self._cloud.lift_locks, locked))
        self._say(f"{self._environment.name:<20} {lifted} locks lifted by hand")

    def destroy(self, stack: str) -> None:
        """Destroy a stack, once Terraform has refused to while any of it is protected."""
        copy = self._copies[stack]
        if guarded := protected(json.loads((copy / "cdk.tf.json").read_text())):
            try:
                self._terraform.plan(copy, "-destroy", "-refresh=false")  # the program alone says so
            except TerraformError as refused:
                if "Instance cannot be destroyed" not in str(refused):
                    raise
            else:
                raise RehearsalError(f"{stack}: Terraform would destroy {guarded}")
            local_copy(self._originals[stack], copy, self._states, unprotected=True)
        gone = self._apply(stack, "delete", "-destroy")
        lifted = f", the protection of {sum(map(len, guarded.values()))} lifted by hand" if guarded else ""
        self._tell(stack, f"destroyed {gone} resources{lifted}")

    def _apply(self, stack: str, action: str, *arguments: str) -> int:
        """Apply, and count the resources that it did `action` to."""
        events = self._terraform.events(self._copies[stack], "apply", "-auto-approve", *arguments)
        return sum(event["type"] == "apply_complete" and event["hook"]["action"] == action for event in events)

    def _expect_plan(self, stack: str, changes: dict[str, str]) -> None:
        self._compare(stack, self._terraform.plan(self._copies[stack]), changes)

    def _compare(self, stack: str, planned: dict[str, str], changes: dict[str, str]) -> None:
        if planned != changes:
            raise RehearsalError(f"{stack}: the plan should be {changes or 'empty'}, and is {planned}")

    def _tell(self, stack: str, what: str) -> None:
        self._say(f"{stack:<20} {what}")


def _is_put_back(row: LetBe, one: Standing) -> bool:
    return row.written is Written.SOMETIMES and is_written(row.argument, one.arguments)


def _replaces(type_: str, argument: str) -> bool:
    """Whether to put it back would mean to replace the resource, which others may be in the way of."""
    path = f"{'.'.join(steps(argument))}."
    return any(
        path.startswith(f"{replaced}.") or f"{replaced}.".startswith(path)
        for replaced in DROPPED_FACTS[type_].replaced_by
    )


def table(rows: list[Deployed]) -> str:
    """The closing table: stack, resources, seconds."""
    lines = [f"{'stack':<20} {'resources':>9} {'seconds':>8}"]
    lines += [f"{row.stack:<20} {row.resources:>9} {row.seconds:>8.1f}" for row in rows]
    return "\n".join([*lines, f"{'':<20} {sum(r.resources for r in rows):>9} {sum(r.seconds for r in rows):>8.1f}"])


def main() -> int:
    """Synthesise the environment that `ENV` names, and rehearse its deployment."""
    environment = load_one_or_exit(os.environ)

    def say(line: str) -> None:
        print(line, flush=True)

    with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
        synthesised = Path(scratch, "cdktf.out")
        variables = {
            **os.environ,
            choice.SEVERAL: environment.name,
            NOTICES_TOLD: "1",
            "CDKTF_OUTDIR": str(synthesised),
        }
        synth = subprocess.run([sys.executable, "main.py"], cwd=CHECKOUT, env=variables, check=False)
        if synth.returncode:
            return synth.returncode
        with offline(synthesised) as (terraform, cloud):
            try:
                rows = Rehearsal(terraform, cloud, synthesised, environment, Path(scratch), say).run()
            except (TerraformError, RehearsalError) as failed:
                print(failed, file=sys.stderr)
                return 1
    say(f"\n{table(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
