"""The proxy in front of an application lets nobody through whom Entra did not let in, and says who they are."""

from ipaddress import IPv4Network

import pytest

from config.workloads.application import ApplicationSettings, Ingress
from config.workloads.sign_in import SignInSettings
from constructs_lib.workloads.sign_in_proxy import with_proxies
from tests.constructs_lib.workloads.parts import application

TENANT = "7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11"
GROUP = "94c3f8a6-1d72-4e0b-b5f9-8a6e20d7c901"
GATEWAY = IPv4Network("10.30.21.0/24")


def signed_in(**sign_in: object) -> list[ApplicationSettings]:
    settings = SignInSettings(host_name="shop.example.com", **sign_in)  # type: ignore[arg-type]
    web = application(
        "web", ingress=Ingress.LOAD_BALANCER, calls=("api",), vault_secrets=("payment-api-key",), sign_in=settings
    )
    return list(with_proxies([application("api"), web], TENANT, [GATEWAY]))


@pytest.fixture(scope="module")
def arguments() -> dict[str, str]:
    _, proxy, _ = signed_in()
    return dict(argument.split("=", 1) for argument in proxy.arguments)


@pytest.mark.req(105)
def test_the_proxy_stands_where_the_application_stood_and_calls_it() -> None:
    api, proxy, web = signed_in()

    assert (api.name, api.ingress) == ("api", Ingress.NONE)
    assert (proxy.name, proxy.namespace, proxy.ingress, proxy.calls) == (
        "web-sign-in",
        "web-sign-in",
        Ingress.LOAD_BALANCER,
        ("web",),
    )
    assert (web.name, web.ingress, web.calls) == ("web", Ingress.NONE, ("api",))


@pytest.mark.req(109)
@pytest.mark.req(113)
def test_the_proxy_signs_in_as_itself_without_a_secret(arguments: dict[str, str]) -> None:
    """https://oauth2-proxy.github.io/oauth2-proxy/configuration/providers/ms_entra_id#workload-identity."""
    assert arguments["--provider"] == "entra-id"
    assert arguments["--entra-id-federated-token-auth"] == "true"
    # AKS's webhook gives every container of the pod this variable, and the kubelet puts its value here.
    assert arguments["--client-id"] == "$(AZURE_CLIENT_ID)"
    assert not [name for name in arguments if "client-secret" in name]


@pytest.mark.req(105)
@pytest.mark.req(113)
def test_users_of_this_tenant_alone_are_let_in(arguments: dict[str, str]) -> None:
    assert arguments["--oidc-issuer-url"] == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert arguments["--insecure-oidc-skip-nonce"] == "false"
    assert arguments["--code-challenge-method"] == "S256"
    bypasses = ("--skip-auth", "--trusted-ip", "--skip-jwt", "--htpasswd")
    assert not [name for name in arguments if name.startswith(bypasses)]
    assert not [name for name in arguments if "insecure" in name and arguments[name] != "false"]


def test_groups_are_asked_for_where_they_decide(arguments: dict[str, str]) -> None:
    _, proxy, _ = signed_in(allowed_group_ids=(GROUP,))

    assert "--allowed-group" not in arguments
    assert f"--allowed-group={GROUP}" in proxy.arguments


@pytest.mark.req(108)
@pytest.mark.req(113)
def test_entra_sends_users_back_to_one_address(arguments: dict[str, str]) -> None:
    assert arguments["--redirect-url"] == "https://shop.example.com/oauth2/callback"
    assert arguments["--upstream"] == "http://web.web.svc.cluster.local/"


@pytest.mark.req(111)
@pytest.mark.req(113)
def test_cookies_are_the_hosts_own_and_end(arguments: dict[str, str]) -> None:
    cookies = {name: value for name, value in arguments.items() if name.startswith("--cookie")}

    assert cookies == {
        "--cookie-name": "__Host-web",
        "--cookie-secret-file": "/mnt/secrets-store/oauth2-proxy-cookie-secret",
        "--cookie-secure": "true",
        "--cookie-httponly": "true",
        "--cookie-samesite": "lax",
        "--cookie-expire": "12h",
        "--cookie-refresh": "30m",
        "--cookie-csrf-per-request": "true",
        "--cookie-csrf-per-request-limit": "10",
        "--cookie-csrf-expire": "5m",
    }


@pytest.mark.req(95)
@pytest.mark.req(111)
def test_the_cookie_secret_is_a_file_of_the_vault_that_the_proxy_alone_reads() -> None:
    _, proxy, web = signed_in(cookie_secret="cookies-of-web")  # noqa: S106 - the name

    assert proxy.vault_secrets == ("cookies-of-web",)
    assert "--cookie-secret-file=/mnt/secrets-store/cookies-of-web" in proxy.arguments
    assert web.vault_secrets == ("payment-api-key",)
    assert proxy.environment == ()


@pytest.mark.req(114)
def test_headers_say_who_signed_in_and_are_believed_from_in_front_only(arguments: dict[str, str]) -> None:
    assert arguments["--pass-user-headers"] == "true"
    assert arguments["--pass-access-token"] == "false"
    assert arguments["--pass-basic-auth"] == "false"
    assert arguments["--reverse-proxy"] == "true"
    assert arguments["--trusted-proxy-ip"] == "10.30.21.0/24"
    assert arguments["--real-client-ip-header"] == "X-Forwarded-For"


@pytest.mark.req(114)
def test_a_long_request_is_let_finish(arguments: dict[str, str]) -> None:
    _, proxy, _ = signed_in()

    # The document's `proxy-read-timeout` of its ingress.
    assert arguments["--upstream-timeout"] == "360s"
    assert proxy.stop_seconds >= 360


@pytest.mark.req(113)
def test_the_proxy_is_asked_whether_it_lives(arguments: dict[str, str]) -> None:
    """https://oauth2-proxy.github.io/oauth2-proxy/features/endpoints."""
    _, proxy, _ = signed_in()

    assert arguments["--http-address"] == "0.0.0.0:4180"
    assert (proxy.port, proxy.probes.liveness, proxy.probes.readiness) == (4180, "/ping", "/ready")
    assert arguments["--metrics-address"] == "0.0.0.0:44180"
    assert (proxy.resources.cpu_millicores, proxy.resources.memory_mib) == (100, 128)


def test_an_application_without_sign_in_stays_as_it_is() -> None:
    web = application("web", ingress=Ingress.LOAD_BALANCER)

    assert with_proxies([web], TENANT, []) == (web,)
