"""Runs the stages of a pipeline as Azure Pipelines would: the very commands of its steps, in order, each in a shell."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.pipelines.expressions import evaluate
from tests.product import CHECKOUT

# A stand-in for `az`: blobs are files, and anybody gets the way to a cluster. Whatever else a step asks is an error.
_AZ = f"""#!{sys.executable}
import os, pathlib, shutil, sys
kind, thing, verb, *rest = sys.argv[1:]
if (kind, thing) == ("aks", "get-credentials"):
    sys.exit()
if (kind, thing) == ("identity", "show"):
    print("00112233-4455-6677-8899-aabbccddeeff")
    sys.exit()
assert (kind, thing) == ("storage", "blob") and "--auth-mode" in rest, sys.argv
given = dict(zip(rest[::1], rest[1::1]))
blob = pathlib.Path(os.environ["BLOBS"], given["--account-name"], given["--container-name"], given["--name"])
blob.parent.mkdir(parents=True, exist_ok=True)
source, target = (given["--file"], blob) if verb == "upload" else (blob, given["--file"])
shutil.copyfile(source, target)
"""

# What speaks to a cluster, or to a database through it, says what they were asked, and that all is well.
# Names lead inside from pods too.
_KUBERNETES = """#!/bin/sh
case "$*" in
  "config view"*) echo https://aks.example.com:443 ;;
  *" dig "*) echo 10.0.0.9 ;;
  *) echo "$(basename "$0") $*" ;;
esac
"""

# What the private zones answer.
_NAMES = """import socket
socket.getaddrinfo = lambda host, port, **_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.9", port))]
"""

_MACRO = re.compile(r"\$\(([\w.]+)\)")
_RUNTIME = re.compile(r"\$\[ *(.+) *\]")
_OUTPUT = re.compile(r"##vso\[task\.setvariable variable=(\w+);isOutput=true\](.*)")

Instead = Mapping[str, Callable[[Path], None]]
"""What happens in place of a command that needs more than an agent of the tests has, or of a task."""


class Agent:
    """One agent with its working folder; states and blobs outlast a job, the folder does not."""

    def __init__(self, folder: Path, environment: Mapping[str, str], instead: Instead) -> None:
        self.workspace, self.blobs = folder / "checkout", folder / "blobs"
        self._instead, self._commands = instead, folder / "commands"
        self.allowed = self.workspace / "environments" / "allowed"
        self.allowed.mkdir(parents=True)
        shutil.copytree(CHECKOUT / "deployment", self.workspace / "deployment")
        self._commands.mkdir()
        for name, text in {"az": _AZ, **dict.fromkeys(("kubelogin", "kubectl", "sqlcmd"), _KUBERNETES)}.items():
            (self._commands / name).write_text(text)
            (self._commands / name).chmod(0o755)
        (self._commands / "sitecustomize.py").write_text(_NAMES)
        path = os.pathsep.join([str(self._commands), str(Path(sys.executable).parent), os.environ["PATH"]])
        self._environment = {
            **environment,
            "BLOBS": str(self.blobs),
            "PATH": path,
            "PYTHONPATH": str(self._commands),
            "TF_BUILD": "True",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.said = ""
        self.left: list[Path] = []
        """Plans that a job left behind on the agent."""

    def run(self, pipeline: dict[str, Any], approve: Callable[[str], bool] = lambda _: True) -> dict[str, str]:
        """Run all stages; returns each one's result. What waits for approval is asked for by the stage's name."""
        self.said = ""
        stages: dict[str, dict[str, Any]] = {}
        for stage in pipeline["stages"]:
            after = stage["dependsOn"]
            before = {name: stages[name] for name in ([after] if isinstance(after, str) else after)}
            stages[stage["stage"]] = self._stage(stage, before, approve)
        return {name: stage["result"] for name, stage in stages.items()}

    def _stage(self, stage: dict[str, Any], before: dict[str, Any], approve: Callable[[str], bool]) -> dict[str, Any]:
        succeeded = all(one["result"] == "Succeeded" for one in before.values())
        known = {"dependencies": before, "succeeded()": succeeded}
        if not evaluate(stage.get("condition", "succeeded()"), known):
            return {"result": "Skipped", "outputs": {}}
        if any("environment" in job for job in stage["jobs"]) and not approve(stage["stage"]):
            return {"result": "Rejected", "outputs": {}}
        jobs: dict[str, Any] = {}
        for job in stage["jobs"]:
            name = job.get("job") or job["deployment"]
            jobs[name] = self._job(job, [jobs[one] for one in [job.get("dependsOn")] if one], jobs, before)
        failed = any(job["result"] == "Failed" for job in jobs.values())
        outputs = {f"{name}.{output}": value for name, job in jobs.items() for output, value in job["outputs"].items()}
        return {"result": "Failed" if failed else "Succeeded", "outputs": outputs}

    def _job(
        self, job: dict[str, Any], after: list[dict[str, Any]], jobs: dict[str, Any], stages: dict[str, Any]
    ) -> dict[str, Any]:
        known = {
            "dependencies": jobs,
            "stageDependencies": {name: _by_job(stage["outputs"]) for name, stage in stages.items()},
            "succeeded()": all(one["result"] == "Succeeded" for one in after),
        }
        if not evaluate(job.get("condition", "succeeded()"), known):
            return {"result": "Skipped", "outputs": {}}
        variables = {
            one["name"]: _RUNTIME.sub(lambda found: evaluate(found[1], known), one["value"])
            for one in job.get("variables", ())
        }
        variables |= {
            "Build.SourcesDirectory": str(self.workspace),
            "System.AccessToken": "a token",
            "System.OidcRequestUri": "https://vstoken.example.com",
        }
        outputs: dict[str, str] = {}
        failed = False
        for step in job["strategy"]["runOnce"]["deploy"]["steps"] if "strategy" in job else job["steps"]:
            known = {"succeeded()": not failed, "always()": True, "succeededOrFailed()": True}
            if not evaluate(step.get("condition", "succeeded()"), known):
                continue
            said, ended = self._step(step, variables)
            self.said += said
            failed = failed or ended != 0
            outputs |= {f"{step.get('name')}.{name}": value for name, value in _OUTPUT.findall(said)}
        self.left += [*self.workspace.rglob("*.tfplan"), *self.workspace.rglob("plan.json")]
        return {"result": "Failed" if failed else "Succeeded", "outputs": outputs}

    def _step(self, step: dict[str, Any], variables: dict[str, str]) -> tuple[str, int]:
        if "checkout" in step:
            assert step["clean"]
            shutil.rmtree(self.workspace / "cdktf.out", ignore_errors=True)
            return "", 0
        inputs = step.get("inputs", {})
        command = step.get("bash") or inputs.get("inlineScript") or step["task"]
        if command in self._instead:
            self._instead[command](self.workspace)
            return "", 0
        environment = {**self._environment, **{name: _filled(v, variables) for name, v in step.get("env", {}).items()}}
        if "azureSubscription" in inputs:
            environment |= {
                "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": inputs["azureSubscription"],
                "AZURESUBSCRIPTION_CLIENT_ID": "a client",
                "AZURESUBSCRIPTION_TENANT_ID": "a tenant",
            }
        done = subprocess.run(  # noqa: S603 - the commands are the repository's own
            ["bash", "-e", "-c", _filled(command, variables)],  # noqa: S607
            cwd=_filled(step.get("workingDirectory") or inputs["workingDirectory"], variables),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout, done.returncode


def _by_job(outputs: dict[str, str]) -> dict[str, Any]:
    jobs: dict[str, Any] = {}
    for name, value in outputs.items():
        job, _, output = name.partition(".")
        jobs.setdefault(job, {"outputs": {}})["outputs"][output] = value
    return jobs


def _filled(text: str, variables: dict[str, str]) -> str:
    """With every `$(variable)` in it; one that is unknown is an error, where Azure would leave it as it stands."""
    return _MACRO.sub(lambda found: variables[found[1]], text)
