"""What a look at a deployed environment finds."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from constructs_lib.naming import Naming
from deployment.services import private_hosts
from deployment.smoke import kubernetes_faults, outside_fault, public_host, unresolved
from tests.deployment.conftest import Tools
from tests.product import ENVIRONMENTS


def _program(synthesised: Path, stack: str) -> dict[str, Any]:
    program: dict[str, Any] = json.loads((synthesised / "stacks" / stack / "cdk.tf.json").read_bytes())
    return program


def _programs(synthesised: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    return _program(synthesised, "dev-cluster"), _program(synthesised, "dev-workloads")


@pytest.mark.req(24)
def test_the_services_are_looked_for_under_their_ordinary_names(synthesised: Path) -> None:
    naming = Naming.of(ENVIRONMENTS["prod"])

    assert set(private_hosts(_program(synthesised, "prod-cluster"))) == {
        naming.container_registry_host,
        naming.key_vault_host,
        naming.sql_server_host,
    }


@pytest.mark.req(24)
@pytest.mark.parametrize(
    ("addresses", "fault"),
    [(["10.30.16.4"], ""), (["10.30.16.4", "20.50.2.7"], "kv.example: leads to 20.50.2.7, which is public")],
    ids=["private", "public"],
)
def test_a_name_that_leads_outside_is_a_fault(
    addresses: list[str], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (one, 443)) for one in addresses])

    assert unresolved("kv.example") == fault


def test_a_name_that_nobody_knows_is_a_fault() -> None:
    assert unresolved("nowhere.invalid").startswith("nowhere.invalid: is not found")


LEADS_INSIDE = {"clusters[0]": "https://aks.example.com:443", "dig ": "10.30.16.4"}


@pytest.mark.req(24)
@pytest.mark.req(67)
def test_the_api_server_is_asked_as_the_steps_connection(
    tools: Tools, synthesised: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SERVICE_CONNECTION_ID", "CLIENT_ID", "TENANT_ID"):
        monkeypatch.setenv(f"AZURESUBSCRIPTION_{name}", "x")
    monkeypatch.setenv("SYSTEM_ACCESSTOKEN", "x")
    monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", "x")
    tools.answer(LEADS_INSIDE)

    assert list(kubernetes_faults(*_programs(synthesised))) == []
    assert "--resource-group rg-cluster-shop-dev-weu --name aks-shop-dev-weu" in tools.calls[0]
    assert "--login azurepipelines" in tools.calls[1]
    assert [call.rpartition(" ")[2] for call in tools.calls if "--for=condition=Available" in call] == ["orders"]


@pytest.mark.req(24)
@pytest.mark.parametrize(
    ("fails", "fault"),
    [
        ("get-credentials", "`az aks get-credentials` failed"),
        ("/readyz", "`kubectl get --raw` failed"),
        ("wait deployment", "orders: a deployment has fewer pods ready than it should have"),
    ],
)
def test_a_server_that_is_not_ready_and_pods_that_are_not_are_faults(
    fails: str, fault: str, tools: Tools, synthesised: Path
) -> None:
    tools.answer(LEADS_INSIDE)
    tools.fail(fails)

    assert list(kubernetes_faults(*_programs(synthesised))) == [fault]


@pytest.mark.req(24)
@pytest.mark.req(41)
def test_a_name_that_leads_outside_in_a_pod_is_a_fault(tools: Tools, synthesised: Path) -> None:
    tools.answer({**LEADS_INSIDE, "dig +short +time=5 +tries=2 aks.example.com": "20.50.2.7"})

    assert list(kubernetes_faults(*_programs(synthesised))) == [
        "from a pod, aks.example.com: leads to 20.50.2.7, which is public"
    ]


@pytest.mark.parametrize(("stack", "host"), [("test-workloads", "bank.example.com"), ("dev-workloads", "")])
def test_the_public_name_is_the_gateways_if_there_is_one(stack: str, host: str, synthesised: Path) -> None:
    assert public_host(synthesised / "stacks" / stack, _program(synthesised, stack)) == host


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, location = {
            "/signed-in": (302, "https://login.microsoftonline.com/a-tenant/oauth2/v2.0/authorize"),
            "/elsewhere": (302, "https://login.microsoftonline.com.example.com/"),
            "/open": (200, ""),
            "/missing": (404, ""),
            "/broken": (502, ""),
        }[self.path]
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def application() -> Iterator[str]:
    """Something that answers."""
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.req(24)
@pytest.mark.parametrize(
    ("path", "sign_in", "works"),
    [
        ("/signed-in", True, True),
        ("/elsewhere", True, False),
        ("/open", True, False),
        ("/open", False, True),
        ("/missing", False, True),
        ("/broken", False, False),
    ],
)
def test_where_users_must_sign_in_they_are_sent_to_entra(
    path: str,
    sign_in: bool,  # noqa: FBT001
    works: bool,  # noqa: FBT001
    application: str,
) -> None:
    assert (outside_fault(application + path, sign_in=sign_in) == "") is works


def test_an_application_that_nobody_serves_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deployment.smoke", "outside", "nowhere.invalid"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout.startswith("https://nowhere.invalid/: ")
