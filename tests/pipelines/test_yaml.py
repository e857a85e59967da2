"""What the pipelines' YAML keeps to, once its templates are put in."""

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from command_line.faults import OLDEST_TERRAFORM
from config.cluster.kubernetes_versions import END_OF_SUPPORT
from deployment.tools import TOOLS
from tests.deployed import DEPLOYED_ENVIRONMENTS
from tests.pipelines.templates import PIPELINES, expand, of_dev, read
from tests.product import CHECKOUT

FILES = sorted(PIPELINES.rglob("*.yml"))
ENTRIES = sorted(PIPELINES.glob("*.yml"))

Job = dict[str, Any]
Step = dict[str, Any]


def _every_choice(file: Path) -> Iterator[dict[str, Any]]:
    """Every combination of what a person can choose when a pipeline is run."""
    declared = read(file).get("parameters", [])
    names = [one["name"] for one in declared]
    choices = [
        one.get("values") or ([False, True] if one["type"] == "boolean" else [one["default"]]) for one in declared
    ]
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


EXPANDED = [
    pytest.param(expand(file, given), id=" ".join([file.stem, *map(str, given.values())]))
    for file in ENTRIES
    for given in _every_choice(file)
]


def jobs_of(pipeline: dict[str, Any]) -> list[Job]:
    return [job for stage in pipeline.get("stages", [pipeline]) for job in stage["jobs"]]


def steps_of(job: Job) -> list[Step]:
    return list(job["strategy"]["runOnce"]["deploy"]["steps"] if "strategy" in job else job["steps"])


def command_of(step: Step) -> str:
    return str(step.get("bash") or step.get("inputs", {}).get("inlineScript", ""))


@cache
def _validator() -> jsonschema.Draft7Validator:
    """Microsoft's schema. To it every scalar is a string, as in its own YAML parser."""
    text = resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/azure-pipelines.json").read_text()
    checker = jsonschema.Draft7Validator.TYPE_CHECKER.redefine(
        "boolean", lambda _, value: value in ("true", "false")
    ).redefine("integer", lambda _, value: isinstance(value, str) and value.isdigit())
    return jsonschema.validators.extend(jsonschema.Draft7Validator, type_checker=checker)(json.loads(text))


def _as_strings(node: Any) -> Any:
    match node:
        case dict():
            return {key: _as_strings(value) for key, value in node.items()}
        case list():
            return [_as_strings(item) for item in node]
        case bool():
            return str(node).lower()
    return str(node)


@pytest.mark.parametrize("pipeline", EXPANDED)
def test_azure_pipelines_takes_it(pipeline: dict[str, Any]) -> None:
    assert not list(_validator().iter_errors(_as_strings(pipeline)))


def test_the_schema_refuses_what_is_wrong() -> None:
    pipeline = _as_strings(expand(PIPELINES / "verify.yml"))
    pipeline["jobs"][0]["steps"][-1]["workingFolder"] = "."

    assert list(_validator().iter_errors(pipeline))


def test_every_file_is_used() -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in FILES}
    named = {
        CHECKOUT / name for text in texts.values() for name in re.findall(r"template: (\S+\.yml)@platform", text)
    } | {
        (file.parent / name).resolve()
        for file in FILES
        for name in re.findall(r"template: (\S+\.yml)$", texts[file], re.MULTILINE)
    }

    assert set(FILES) - set(ENTRIES) == named


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_parameter_is_used(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    for parameter in read(file).get("parameters", []):
        assert re.search(rf"parameters\.{parameter['name']}\b", text), parameter["name"]


@pytest.mark.req(9)
@pytest.mark.req(10)
@pytest.mark.parametrize("pipeline", EXPANDED)
def test_every_step_names_its_folder_and_who_signs_in_and_fails_by_exit_code_alone(pipeline: dict[str, Any]) -> None:
    for step in (step for job in jobs_of(pipeline) for step in steps_of(job)):
        inputs = step.get("inputs", {})
        if command_of(step):
            assert step.get("workingDirectory") or inputs.get("workingDirectory"), step
        assert not {"failOnStderr", "failOnStandardError", "continueOnError"} & {*step, *inputs}, step
        if step.get("task", "").startswith("AzureCLI@"):
            # A new token for whoever asks, for as long as the step runs. The name stands where Azure DevOps checks it.
            assert re.fullmatch(r"(dev|test|prod)-(plan|deploy|images)", inputs["azureSubscription"])
            assert step["env"]["SYSTEM_ACCESSTOKEN"] == "$(System.AccessToken)"
            assert step["env"]["SYSTEM_OIDCREQUESTURI"] == "$(System.OidcRequestUri)"
        elif "deployment.parcel" in command_of(step) or re.search(
            r"deployment\.(save|apply)_plan|drift", command_of(step)
        ):
            pytest.fail(f"{step} reaches Azure as nobody")


@pytest.mark.parametrize("pipeline", EXPANDED)
def test_what_runs_is_one_line_that_calls_a_module_or_a_tool(pipeline: dict[str, Any]) -> None:
    for command in (command_of(step) for job in jobs_of(pipeline) for step in steps_of(job) if command_of(step)):
        words = shlex.split(command)
        assert "\n" not in command
        if words[:2] == ["python3", "-m"]:
            assert (CHECKOUT / f"{words[2].replace('.', '/')}.py").is_file(), command
        else:
            assert words[0] in {"make", "npx", "git", "rm", "echo"}, command
    assert {"terraform", "kubelogin"} <= TOOLS.keys()


@pytest.mark.parametrize("pipeline", EXPANDED)
def test_nothing_floats(pipeline: dict[str, Any]) -> None:
    assert "latest" not in json.dumps(pipeline).lower()
    for job in jobs_of(pipeline):
        pool = job.get("pool") or pipeline["pool"]
        assert pool in ("server", {"vmImage": "ubuntu-24.04"}) or list(pool) == ["name"]
        assert job["timeoutInMinutes"]
        for step in steps_of(job):
            assert "task" not in step or re.fullmatch(r"\w+@\d+", step["task"])


@pytest.mark.req(18)
@pytest.mark.parametrize("pipeline", EXPANDED)
def test_what_is_applied_was_planned_read_by_the_gate_and_approved(pipeline: dict[str, Any]) -> None:
    stages = {stage["stage"]: stage for stage in pipeline.get("stages", [])}
    for name, stage in stages.items():
        (job,) = stage["jobs"] if len(stage["jobs"]) == 1 else [{}]
        commands = [command_of(step) for step in steps_of(job)] if job else []
        if not any("apply" in command for command in commands):
            continue
        assert job["environment"] == name.partition("_")[0]  # where approval and exclusive lock are
        assert stage["lockBehavior"] == "sequential"
        assert commands.index(_only(commands, "parcel fetch")) < commands.index(_only(commands, "apply_plan"))
        assert '"$(approved)"' in _only(commands, "parcel fetch")
        (variable,) = job["variables"]
        planned = stages[stage["dependsOn"]]
        assert variable["value"] == f"$[ stageDependencies.{planned['stage']}.plan.outputs['approved.parcel'] ]"
        order = [command_of(step) for step in steps_of(planned["jobs"][0])]
        gate, sent = order.index(_only(order, "deployment.gate")), order.index(_only(order, "parcel send"))
        assert order.index(_only(order, "save_plan")) < gate < sent
        assert all("condition" not in step for step in steps_of(planned["jobs"][0])[: gate + 1])
    for stage in stages.values():
        assert not re.search(r"terraform apply|cdktf deploy|-auto-approve", json.dumps(stage))


def _only(commands: list[str], part: str) -> str:
    (found,) = [command for command in commands if part in command]
    return found


@pytest.mark.parametrize(("name", "reverse"), [("deploy", False), ("destroy", True)])
def test_stages_follow_the_manifest(name: str, reverse: bool, synthesised: Path) -> None:  # noqa: FBT001
    manifest = json.loads((synthesised / "manifest.json").read_text())["stacks"]
    stages = {one["stage"]: one for one in of_dev(PIPELINES / f"{name}.yml")["stages"]}

    for stack, described in manifest.items():
        environment, _, purpose = stack.partition("-")
        if environment != "dev" or purpose == "state-backend":
            continue
        for other in described["dependencies"]:
            first, then = other.partition("-")[2], purpose
            if reverse:
                first, then = then, first
            assert f"dev_{first}_apply" in _before(f"dev_{then}_plan", stages)
    assert [stage for stage in stages if "state" in stage] == []  # a person's


def _before(name: str, stages: dict[str, Any]) -> set[str]:
    after = stages[name]["dependsOn"]
    direct = {after} if isinstance(after, str) else set(after)
    return direct.union(*(_before(one, stages) for one in direct))


@pytest.mark.deployed
def test_the_pipelines_offer_the_environments_that_there_are() -> None:
    drift = [one["parameters"]["environment"] for one in read(PIPELINES / "drift.yml")["stages"]]

    there_are = set(DEPLOYED_ENVIRONMENTS)
    for file in ("deploy.yml", "database-users.yml"):
        offered = read(PIPELINES / file)["parameters"][0]["values"]
        assert set(offered) == there_are, f"pipelines/{file}: offer the environments that there are"
    assert set(drift) == there_are, "pipelines/drift.yml: has a stage for each environment"


@pytest.mark.req(7)
@pytest.mark.req(12)
@pytest.mark.parametrize("pipeline", EXPANDED)
def test_no_secret_stands_in_the_yaml_and_each_is_named_where_it_is_used(pipeline: dict[str, Any]) -> None:
    variables = [one for place in (pipeline, *jobs_of(pipeline)) for one in place.get("variables", ())]
    assert not [one for one in variables if re.search(r"secret|password|key|token", one.get("name", ""), re.IGNORECASE)]
    for step in (step for job in jobs_of(pipeline) for step in steps_of(job)):
        for name, value in step.get("env", {}).items():
            if name.startswith("TF_VAR_"):
                assert re.fullmatch(r"\$\([\w.-]+\)", value), name


def _secrets_of(job: Job) -> dict[str, str]:
    """What every step that runs Terraform is given as a variable of Terraform's."""
    with_terraform = [step for step in steps_of(job) if re.search(r"save_plan|apply_plan|drift", command_of(step))]
    first, *others = [
        {name: value for name, value in step["env"].items() if name.startswith("TF_VAR_")} for step in with_terraform
    ]
    assert all(other == first for other in others)
    return first


@pytest.mark.deployed
@pytest.mark.req(12)
@pytest.mark.parametrize("environment", DEPLOYED_ENVIRONMENTS)
def test_each_stack_gets_the_secrets_that_it_asks_for_and_no_other(environment: str, deployed: Path) -> None:
    """What the program declares as a variable, the pipelines hand over, and the other way round."""
    pipelines = [
        *(expand(PIPELINES / "deploy.yml", {"environment": environment}),),
        expand(PIPELINES / "drift.yml"),
        *([expand(PIPELINES / "destroy.yml", {"environment": environment})] if environment in DESTROYED else []),
    ]
    stages = [stage for pipeline in pipelines for stage in pipeline["stages"]]
    for stack in ("network", "cluster", "workloads"):
        program = json.loads((deployed / "stacks" / f"{environment}-{stack}" / "cdk.tf.json").read_bytes())
        asked = {f"TF_VAR_{name}" for name in program.get("variable", {})}
        jobs = [
            job
            for stage in stages
            for job in stage["jobs"]
            if stage["stage"] in (f"{environment}_{stack}_plan", f"{environment}_{stack}_apply")
            or (stage["stage"] == f"{environment}_drift" and job["job"] == stack)
        ]
        assert len(jobs) >= 3
        assert [_secrets_of(job).keys() for job in jobs] == [asked] * len(jobs), stack


DESTROYED = read(PIPELINES / "destroy.yml")["parameters"][0]["values"]


@pytest.mark.req(7)
@pytest.mark.req(12)
def test_a_secret_comes_from_the_group_of_the_vault_for_the_plan_and_for_the_apply() -> None:
    given = {
        "environment": "dev",
        "stack": "cluster",
        "dependsOn": ["dev_synth"],
        "agents": "dev-agents",
        "readConnection": "dev-plan",
        "writeConnection": "dev-deploy",
    }
    mapped = {"TF_VAR_vault_secret_api_key": "$(api-key)"}
    with_one, with_none = (
        jobs_of(expand(PIPELINES / "templates" / "stack.yml", given | {"secrets": secrets})) for secrets in (mapped, {})
    )

    for job in with_one:
        assert {"group": "dev-secrets"} in job["variables"]
        assert _secrets_of(job) == mapped
    for job in with_none:
        assert "group" not in json.dumps(job["variables"])
        assert _secrets_of(job) == {}


def test_versions_are_those_of_the_program() -> None:
    versions = {one["name"]: one["value"] for one in read(PIPELINES / "templates" / "versions.yml")["variables"]}
    least, below = re.fullmatch(
        r">=(\d+) <(\d+)", json.loads((CHECKOUT / "package.json").read_text())["engines"]["node"]
    ).groups()  # type: ignore[union-attr]

    assert int(least) <= int(versions["nodeVersion"].partition(".")[0]) < int(below)
    assert tuple(map(int, versions["pythonVersion"].split("."))) >= (3, 11)
    tools = {name: tuple(map(int, tool.version.split("."))) for name, tool in TOOLS.items()}
    assert tools["terraform"] >= OLDEST_TERRAFORM
    # https://kubernetes.io/releases/version-skew-policy/#kubectl
    for version in END_OF_SUPPORT:
        assert abs(int(version.partition(".")[2]) - tools["kubectl"][1]) <= 1, version
