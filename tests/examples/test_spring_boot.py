"""The Spring Boot example keeps to what the platform asks of an image; Maven builds it and runs its own tests."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "spring-boot"
DOCKERFILE = (EXAMPLE / "Dockerfile").read_text("utf-8")
POM = "{http://maven.apache.org/POM/4.0.0}"


def _instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


@pytest.mark.req(101)
def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    linter = Path(sys.executable).with_name("hadolint")

    done = subprocess.run([linter, EXAMPLE / "Dockerfile"], capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.req(101)
def test_every_image_is_named_by_its_digest() -> None:
    images = _instructions("FROM")

    assert len(images) == 2
    assert [image for image in images if not re.search(r"@sha256:[0-9a-f]{64}\b", image)] == []


@pytest.mark.req(101)
def test_the_image_runs_as_the_user_that_the_platform_gives_its_pods() -> None:
    # Of the last stage, which is the image: docs/application.md.
    assert _instructions("USER") == ["10001:10001"]
    assert DOCKERFILE.index("USER") > DOCKERFILE.rindex("FROM")


@pytest.mark.req(101)
def test_what_changes_most_is_the_last_layer() -> None:
    layers = [source.rpartition("layers/")[2].split("/")[0] for source in _instructions("COPY --from=build")]

    assert layers == ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"]


@pytest.mark.req(117)
def test_the_database_is_signed_in_to_without_a_password() -> None:
    pom = ElementTree.parse(EXAMPLE / "pom.xml")  # noqa: S314 - a file of this repository
    dependencies = {node.findtext(f"{POM}artifactId") for node in pom.iter(f"{POM}dependency")}
    properties = (EXAMPLE / "src/main/resources/application.properties").read_text("utf-8")

    assert dependencies >= {"mssql-jdbc", "azure-identity"}
    assert not re.search(r"password|username|spring\.datasource\.url", properties)


def test_the_property_of_the_secret_is_the_name_that_the_vault_knows() -> None:
    source = (EXAMPLE / "src/main/java/com/example/orders/PaymentProvider.java").read_text("utf-8")
    settings = (EXAMPLE.parents[1] / "tests/environments/prod.toml").read_text("utf-8")

    asked = re.findall(r'@Value\("\$\{([a-z-]+)\}"\)', source)
    assert asked == ["payment-provider-api-key"]
    assert f'"{asked[0]}"' in settings
