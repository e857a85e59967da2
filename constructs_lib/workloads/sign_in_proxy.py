"""The proxy that signs users in, as an application of its own in front of the one that they use.

OAuth2 Proxy, which holds requests until their users signed in to Entra, and then says who they are:
https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview
"""

from collections.abc import Sequence
from ipaddress import IPv4Network

from config.workloads.application import ApplicationSettings, Ingress
from config.workloads.pod import PodResources, ProbeSettings
from config.workloads.sign_in import PROXY_SUFFIX, SignInSettings
from constructs_lib.workloads.microservice_deployment import FILES_FOLDER

PORT = 4180
METRICS_PORT = 44180
CALLBACK_PATH = "/oauth2/callback"
# An upload or a report may take as long as this (requirements, row 114).
UPSTREAM_SECONDS = 360


def with_proxies(
    applications: Sequence[ApplicationSettings], tenant_id: str, forwarders: Sequence[IPv4Network]
) -> tuple[ApplicationSettings, ...]:
    """All applications; before each that users sign in to stands its proxy, which has its ingress in its place.

    `forwarders` are the addresses from which requests come, and whose word on the user's address is taken.
    """
    return tuple(
        one
        for application in applications
        for one in (
            (_proxy(application, application.sign_in, tenant_id, forwarders), _without_ingress(application))
            if application.sign_in
            else (application,)
        )
    )


def proxy_name(application: ApplicationSettings) -> str:
    """Name of the proxy in front of an application."""
    return f"{application.name}{PROXY_SUFFIX}"


def _without_ingress(application: ApplicationSettings) -> ApplicationSettings:
    return application.model_copy(update={"ingress": Ingress.NONE, "routes": ()})


def _proxy(
    application: ApplicationSettings, sign_in: SignInSettings, tenant_id: str, forwarders: Sequence[IPv4Network]
) -> ApplicationSettings:
    return ApplicationSettings(
        name=proxy_name(application),
        namespace=f"{application.namespace}{PROXY_SUFFIX}",
        image_repository=sign_in.image_repository,
        image_digest=sign_in.image_digest,
        arguments=tuple(_arguments(application, sign_in, tenant_id, forwarders)),
        port=PORT,
        probes=ProbeSettings(liveness="/ping", readiness="/ready", startup_seconds=60),
        # Longer than the longest request.
        stop_seconds=UPSTREAM_SECONDS + 30,
        identity=True,
        vault_secrets=(sign_in.cookie_secret,),
        min_replicas=sign_in.min_replicas,
        max_replicas=sign_in.max_replicas,
        resources=PodResources(cpu_millicores=100, cpu_limit_millicores=1000, memory_mib=128, memory_limit_mib=256),
        calls=(application.name,),
        ingress=application.ingress,
        routes=application.routes,
    )


def _arguments(
    application: ApplicationSettings, sign_in: SignInSettings, tenant_id: str, forwarders: Sequence[IPv4Network]
) -> list[str]:
    return [
        f"--http-address=0.0.0.0:{PORT}",
        f"--metrics-address=0.0.0.0:{METRICS_PORT}",
        # No client secret: Entra trusts the token of the pod's service account, and AKS tells the pod whose it is.
        # https://oauth2-proxy.github.io/oauth2-proxy/configuration/providers/ms_entra_id#workload-identity
        "--provider=entra-id",
        "--entra-id-federated-token-auth=true",
        "--client-id=$(AZURE_CLIENT_ID)",
        # Of this tenant's users alone: the issuer of every token is compared with it.
        f"--oidc-issuer-url=https://login.microsoftonline.com/{tenant_id}/v2.0",
        "--scope=openid profile email offline_access",
        "--code-challenge-method=S256",
        "--insecure-oidc-skip-nonce=false",
        # Every user has one; not everybody has a mailbox.
        "--oidc-email-claim=preferred_username",
        # Whoever Entra lets sign in: what their names end in is no right.
        "--email-domain=*",
        *(f"--allowed-group={group}" for group in sign_in.allowed_group_ids),
        f"--redirect-url=https://{sign_in.host_name}{CALLBACK_PATH}",
        f"--upstream=http://{application.name}.{application.namespace}.svc.cluster.local/",
        f"--upstream-timeout={UPSTREAM_SECONDS}s",
        "--skip-provider-button=true",
        # Taken from those in front alone; anybody can write such headers.
        "--reverse-proxy=true",
        *(f"--trusted-proxy-ip={one}" for one in forwarders),
        "--real-client-ip-header=X-Forwarded-For",
        # The prefix keeps other hosts from setting it: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        f"--cookie-name=__Host-{application.name}",
        f"--cookie-secret-file={FILES_FOLDER}/{sign_in.cookie_secret}",
        "--cookie-secure=true",
        "--cookie-httponly=true",
        # Not strict: the way back from Entra is one from another site.
        "--cookie-samesite=lax",
        f"--cookie-expire={sign_in.session_hours}h",
        f"--cookie-refresh={sign_in.refresh_minutes}m",
        "--cookie-csrf-per-request=true",
        # Each attempt that nobody finishes leaves a cookie, and too many make requests too large.
        "--cookie-csrf-per-request-limit=10",
        "--cookie-csrf-expire=5m",
        # Who signed in, in headers of the proxy's own. No token: the application would have to guard it.
        "--pass-user-headers=true",
        "--pass-basic-auth=false",
        "--pass-access-token=false",
        "--silence-ping-logging=true",
    ]
