"""Builds the image of an application on an agent in the network, scans it, and pushes it to the private registry.

    python3 -m deployment.image build --registry <name> --repository shop/orders --tag 42 --context application
    python3 -m deployment.image scan --registry <name> --repository shop/orders --tag 42
    python3 -m deployment.image push --registry <name> --repository shop/orders --tag 42

Base images come from the registry as well, under `REGISTRY`, the one argument that the Dockerfile is given: no secret
goes into a build, and the scan looks for those that a layer holds all the same. Pushing sets the output `digest`.
"""

import argparse
import json
import subprocess

from deployment.azure_pipelines import relay, set_output

# What the scanner knows of vulnerabilities. An agent in the network does not reach where it is published; Azure does,
# and copies it into the registry. https://trivy.dev/docs/latest/configuration/db/
SCANNER_DATA = {
    "trivy/trivy-db:2": "mirror.gcr.io/aquasec/trivy-db:2",
    "trivy/trivy-java-db:1": "mirror.gcr.io/aquasec/trivy-java-db:1",
}


def host_of(registry: str) -> str:
    """The registry's login server."""
    return f"{registry}.azurecr.io"


def build(registry: str, reference: str, context: str) -> None:
    """Build it from a folder that holds a Dockerfile."""
    _sign_in(registry)
    _run("docker", "build", "--pull", "--build-arg", f"REGISTRY={host_of(registry)}", "--tag", reference, context)


def scan(registry: str, reference: str) -> None:
    """Fail if it holds a secret, or a high or critical vulnerability that an update would mend."""
    for image, source in SCANNER_DATA.items():
        _run("az", "acr", "import", "--name", registry, "--source", source, "--image", image, "--force")
    _sign_in(registry)
    vulnerabilities, java = (f"{host_of(registry)}/{image}" for image in SCANNER_DATA)
    where = ["--db-repository", vulnerabilities, "--java-db-repository", java, "--skip-version-check"]
    what = ["--scanners", "vuln,secret", "--severity", "HIGH,CRITICAL", "--ignore-unfixed"]
    _run("trivy", "image", "--exit-code", "1", *what, *where, reference)


def push(registry: str, reference: str) -> str:
    """Push it; returns its digest, by which alone it is deployed."""
    _sign_in(registry)
    _run("docker", "push", reference)
    repository = reference.rpartition(":")[0]
    told = subprocess.run(  # noqa: S603 - the arguments are this module's own
        ["docker", "image", "inspect", "--format", "{{json .RepoDigests}}", reference],  # noqa: S607
        stdout=subprocess.PIPE,
        check=True,
    )
    digests: list[str] = json.loads(told.stdout)
    (digest,) = [one.partition("@")[2] for one in digests if one.startswith(f"{repository}@")]
    return digest


def _sign_in(registry: str) -> None:
    _run("az", "acr", "login", "--name", registry)


def _run(*command: str) -> None:
    if status := relay(*command):
        raise subprocess.CalledProcessError(status, command)


def main() -> None:
    """Build, scan or push; fails if the tool does."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.image", description="Build, scan or push an image.")
    parser.add_argument("verb", choices=("build", "scan", "push"))
    parser.add_argument("--registry", required=True, help="name of the registry")
    parser.add_argument("--repository", required=True, help="repository in it")
    parser.add_argument("--tag", required=True, help="tag, until there is a digest")
    parser.add_argument("--context", default=".", help="folder of the Dockerfile")
    arguments = parser.parse_args()
    reference = f"{host_of(arguments.registry)}/{arguments.repository}:{arguments.tag}"
    if arguments.verb == "build":
        build(arguments.registry, reference, arguments.context)
    elif arguments.verb == "scan":
        scan(arguments.registry, reference)
    else:
        digest = push(arguments.registry, reference)
        print(f"{arguments.repository}@{digest}")
        set_output("digest", digest)


if __name__ == "__main__":
    main()
