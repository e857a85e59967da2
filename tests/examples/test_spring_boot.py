"""The Spring Boot example keeps to what the platform asks of an image; Maven builds it and runs its own tests."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.workloads.application import ApplicationSettings
from constructs_lib.workloads.microservice_deployment import FILES_FOLDER, SHUTDOWN_DELAY_SECONDS
from tests.product import ENVIRONMENTS

EXAMPLE = Path(__file__).parents[2] / "examples" / "spring-boot"
DOCKERFILE = (EXAMPLE / "Dockerfile").read_text("utf-8")
PROPERTIES = (EXAMPLE / "src/main/resources/application.properties").read_text("utf-8")
POM = "{http://maven.apache.org/POM/4.0.0}"


def _settings() -> ApplicationSettings:
    """The example as production runs it."""
    (orders,) = (one for one in ENVIRONMENTS["prod"].workloads.applications if one.name == "orders")
    return orders


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
    assert _instructions("USER") == [f"{_settings().user_id}:{_settings().user_id}"]
    assert DOCKERFILE.index("USER") > DOCKERFILE.rindex("FROM")


@pytest.mark.req(101)
def test_what_changes_most_is_the_last_layer() -> None:
    layers = [source.rpartition("layers/")[2].split("/")[0] for source in _instructions("COPY --from=build")]

    assert layers == ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"]


@pytest.mark.req(117)
def test_the_database_is_signed_in_to_without_a_password() -> None:
    pom = ElementTree.parse(EXAMPLE / "pom.xml")  # noqa: S314 - a file of this repository
    dependencies = {node.findtext(f"{POM}artifactId") for node in pom.iter(f"{POM}dependency")}

    assert dependencies >= {"mssql-jdbc", "azure-identity"}
    assert not re.search(r"password|username|spring\.datasource\.url", PROPERTIES)


@pytest.mark.req(103)
def test_it_answers_where_the_platform_asks() -> None:
    orders = _settings()
    given = {variable.name: variable.value for variable in orders.environment}

    assert _instructions("EXPOSE") == [str(orders.port)]
    assert "server.port" not in PROPERTIES  # 8080 is Spring Boot's own
    assert given["MANAGEMENT_SERVER_PORT"] == str(orders.management_port)
    assert "management.endpoint.health.probes.enabled=true" in PROPERTIES
    assert {orders.probes.liveness, orders.probes.readiness} == {
        "/actuator/health/liveness",
        "/actuator/health/readiness",
    }
    # https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.kubernetes-probes
    assert (given["MANAGEMENT_ENDPOINT_HEALTH_PROBES_ADDADDITIONALPATHS"], orders.probes.outside) == ("true", "/readyz")


@pytest.mark.req(103)
def test_it_ends_before_it_is_killed() -> None:
    source = (EXAMPLE / "src/main/java/com/example/orders/Drain.java").read_text("utf-8")
    (drain,) = re.findall(r'@DefaultValue\("(\d+)s"\)', source)
    # `spring.lifecycle.timeout-per-shutdown-phase`; the requests under way are one phase, and the drain is another.
    # https://docs.spring.io/spring-boot/reference/web/graceful-shutdown.html
    of_a_phase = 30

    assert "timeout-per-shutdown-phase" not in PROPERTIES
    # The image has no `sleep` for the platform's delay, so the drain has its place.
    assert int(drain) == SHUTDOWN_DELAY_SECONDS
    assert int(drain) < of_a_phase
    assert int(drain) + of_a_phase <= SHUTDOWN_DELAY_SECONDS + _settings().stop_seconds


@pytest.mark.req(99)
def test_the_secrets_that_it_reads_are_those_that_the_platform_mounts() -> None:
    orders = _settings()
    source = (EXAMPLE / "src/main/java/com/example/orders/PaymentProvider.java").read_text("utf-8")
    given = {variable.name: variable.value for variable in orders.environment}

    assert tuple(re.findall(r'@Value\("\$\{([a-z-]+)\}"\)', source)) == orders.vault_secrets
    assert given["SPRING_CONFIG_IMPORT"] == f"configtree:{FILES_FOLDER}/"
