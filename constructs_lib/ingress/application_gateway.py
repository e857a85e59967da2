"""An Application Gateway that inspects what comes from the Internet before it hands it to the application."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from cdktf_cdktf_provider_azurerm.application_gateway import ApplicationGateway as AzureApplicationGateway
from cdktf_cdktf_provider_azurerm.application_gateway import (
    ApplicationGatewayAutoscaleConfiguration,
    ApplicationGatewayBackendAddressPool,
    ApplicationGatewayBackendHttpSettings,
    ApplicationGatewayBackendHttpSettingsConnectionDraining,
    ApplicationGatewayFrontendIpConfiguration,
    ApplicationGatewayFrontendPort,
    ApplicationGatewayGatewayIpConfiguration,
    ApplicationGatewayHttpListener,
    ApplicationGatewayIdentity,
    ApplicationGatewayProbe,
    ApplicationGatewayRedirectConfiguration,
    ApplicationGatewayRequestRoutingRule,
    ApplicationGatewaySku,
    ApplicationGatewaySslCertificate,
    ApplicationGatewaySslPolicy,
)
from constructs import Construct

from config.network.application_gateway import ApplicationGatewaySettings
from constructs_lib.ingress.gateway_certificate import GatewayCertificate
from constructs_lib.ingress.gateway_firewall_policy import GatewayFirewallPolicy
from constructs_lib.ingress.site import ANSWERED_IN_SECONDS, Site
from constructs_lib.network.ports import HTTP, HTTPS
from constructs_lib.network.static_public_ip import add_static_public_ip

# The parts of a gateway know each other by name.
PUBLIC, APPLICATION = "public", "application"


class ApplicationGateway(Construct):
    """Answers to one host name, by HTTPS alone; a request for another name gets no answer but an error.

    With `sites` it answers to the name of each, and what is behind it is a gateway that does so, too: by HTTPS, with a
    certificate of the same name that a public authority issued.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        public_ip_name: str,
        resource_group_name: str,
        location: str,
        availability_zones: Sequence[int],
        ddos_ip_protection: bool = False,
        subnet_id: str,
        settings: ApplicationGatewaySettings,
        certificate: GatewayCertificate,
        firewall_policy: GatewayFirewallPolicy,
        application_address: IPv4Address,
        probe_path: str,
        sites: Sequence[Site] = (),
    ) -> None:
        super().__init__(scope, id_)
        parts = [_Parts(site, suffix=f"-{site.host_name}" if number else "") for number, site in enumerate(sites)] or [
            _Parts(Site(settings.host_name, settings.certificate_name, probe_path))
        ]
        zones = [str(zone) for zone in availability_zones] or None
        public_ip = add_static_public_ip(
            self,
            "public-ip",
            name=public_ip_name,
            resource_group_name=resource_group_name,
            location=location,
            availability_zones=availability_zones,
            ddos_ip_protection=ddos_ip_protection,
        )
        self.public_address = public_ip.ip_address
        """Where the record of the public name must lead."""
        self.resource = AzureApplicationGateway(
            self,
            "gateway",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            zones=zones,
            sku=ApplicationGatewaySku(name="WAF_v2", tier="WAF_v2"),
            autoscale_configuration=ApplicationGatewayAutoscaleConfiguration(
                min_capacity=settings.min_capacity, max_capacity=settings.max_capacity
            ),
            firewall_policy_id=firewall_policy.resource.id,
            identity=ApplicationGatewayIdentity(type="UserAssigned", identity_ids=[certificate.reader.id]),
            gateway_ip_configuration=[ApplicationGatewayGatewayIpConfiguration(name="subnet", subnet_id=subnet_id)],
            frontend_ip_configuration=[
                ApplicationGatewayFrontendIpConfiguration(name=PUBLIC, public_ip_address_id=public_ip.id)
            ],
            frontend_port=[_port("http", HTTP), _port("https", HTTPS)],
            ssl_certificate=[
                ApplicationGatewaySslCertificate(
                    name=part.certificate, key_vault_secret_id=certificate.secret_id_of(part.site.certificate_name)
                )
                for part in parts
            ],
            # TLS 1.2 and 1.3, and of 1.2 only the ciphers without known weaknesses. The default begins at 1.0.
            # https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview
            ssl_policy=ApplicationGatewaySslPolicy(policy_type="Predefined", policy_name="AppGwSslPolicy20220101S"),
            http_listener=[
                listener
                for part in parts
                for listener in (
                    _listener(part.http, "http", "Http", part.site.host_name),
                    _listener(part.https, "https", "Https", part.site.host_name, certificate=part.certificate),
                )
            ],
            redirect_configuration=[
                ApplicationGatewayRedirectConfiguration(
                    name=part.to_https,
                    redirect_type="Permanent",
                    target_listener_name=part.https,
                    include_path=True,
                    include_query_string=True,
                )
                for part in parts
            ],
            request_routing_rule=[
                rule for number, part in enumerate(parts) for rule in _rules(part, first_priority=100 + 200 * number)
            ],
            backend_address_pool=[
                ApplicationGatewayBackendAddressPool(name=APPLICATION, ip_addresses=[str(application_address)])
            ],
            backend_http_settings=[_backend(part, encrypted=bool(sites)) for part in parts],
            probe=[
                ApplicationGatewayProbe(
                    name=part.probe,
                    protocol="Https" if sites else "Http",
                    host=part.site.host_name,
                    path=part.site.probe_path,
                    interval=30,
                    timeout=10,
                    unhealthy_threshold=3,
                )
                for part in parts
            ],
            # Azure reads the certificates while it makes the gateway.
            depends_on=[*certificate.grants],
        )


def _port(name: str, port: int) -> ApplicationGatewayFrontendPort:
    return ApplicationGatewayFrontendPort(name=name, port=port)


def _rules(part: "_Parts", *, first_priority: int) -> tuple[ApplicationGatewayRequestRoutingRule, ...]:
    return (
        ApplicationGatewayRequestRoutingRule(
            name=part.https,
            priority=first_priority,
            rule_type="Basic",
            http_listener_name=part.https,
            backend_address_pool_name=APPLICATION,
            backend_http_settings_name=part.backend,
        ),
        ApplicationGatewayRequestRoutingRule(
            name=part.http,
            priority=first_priority + 100,
            rule_type="Basic",
            http_listener_name=part.http,
            redirect_configuration_name=part.to_https,
        ),
    )


def _backend(part: "_Parts", *, encrypted: bool) -> ApplicationGatewayBackendHttpSettings:
    if not encrypted:
        # Without a host name of its own: the application sees the name that people typed.
        return ApplicationGatewayBackendHttpSettings(
            name=part.backend,
            port=HTTP,
            protocol="Http",
            cookie_based_affinity="Disabled",
            request_timeout=60,
            probe_name=part.probe,
        )
    return ApplicationGatewayBackendHttpSettings(
        name=part.backend,
        port=HTTPS,
        protocol="Https",
        # The name that people typed, and the one that the certificate must have: of a backend without a name, Azure
        # would check none. https://learn.microsoft.com/azure/application-gateway/ssl-overview
        host_name=part.site.host_name,
        cookie_based_affinity="Disabled",
        request_timeout=ANSWERED_IN_SECONDS,
        probe_name=part.probe,
        # What was asked is still answered when the address goes.
        connection_draining=ApplicationGatewayBackendHttpSettingsConnectionDraining(
            enabled=True, drain_timeout_sec=ANSWERED_IN_SECONDS
        ),
    )


def _listener(
    name: str, port: str, protocol: str, host_name: str, *, certificate: str | None = None
) -> ApplicationGatewayHttpListener:
    return ApplicationGatewayHttpListener(
        name=name,
        protocol=protocol,
        frontend_ip_configuration_name=PUBLIC,
        frontend_port_name=port,
        host_name=host_name,
        ssl_certificate_name=certificate,
    )


@dataclass(frozen=True)
class _Parts:
    """What the gateway has for one site; the parts know each other by name."""

    site: Site
    suffix: str = ""

    @property
    def http(self) -> str:
        return f"http{self.suffix}"

    @property
    def https(self) -> str:
        return f"https{self.suffix}"

    @property
    def backend(self) -> str:
        return f"application{self.suffix}"

    @property
    def probe(self) -> str:
        return f"readiness{self.suffix}"

    @property
    def certificate(self) -> str:
        return f"certificate{self.suffix}"

    @property
    def to_https(self) -> str:
        return f"to-https{self.suffix}"
