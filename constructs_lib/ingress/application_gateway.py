"""An Application Gateway that inspects what comes from the Internet before it hands it to the application."""

from collections.abc import Sequence
from ipaddress import IPv4Address

from cdktf_cdktf_provider_azurerm.application_gateway import ApplicationGateway as AzureApplicationGateway
from cdktf_cdktf_provider_azurerm.application_gateway import (
    ApplicationGatewayAutoscaleConfiguration,
    ApplicationGatewayBackendAddressPool,
    ApplicationGatewayBackendHttpSettings,
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
from constructs_lib.network.ports import HTTP, HTTPS
from constructs_lib.network.static_public_ip import add_static_public_ip

# The parts of a gateway know each other by name.
PUBLIC, APPLICATION, PROBE, CERTIFICATE, TO_HTTPS = "public", "application", "readiness", "certificate", "to-https"


class ApplicationGateway(Construct):
    """Answers to one host name, by HTTPS alone; a request for another name gets no answer but an error."""

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
    ) -> None:
        super().__init__(scope, id_)
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
                ApplicationGatewaySslCertificate(name=CERTIFICATE, key_vault_secret_id=certificate.secret_id)
            ],
            # TLS 1.2 and 1.3, and of 1.2 only the ciphers without known weaknesses. The default begins at 1.0.
            # https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview
            ssl_policy=ApplicationGatewaySslPolicy(policy_type="Predefined", policy_name="AppGwSslPolicy20220101S"),
            http_listener=[
                _listener("http", "Http", settings.host_name),
                _listener("https", "Https", settings.host_name, certificate=CERTIFICATE),
            ],
            redirect_configuration=[
                ApplicationGatewayRedirectConfiguration(
                    name=TO_HTTPS,
                    redirect_type="Permanent",
                    target_listener_name="https",
                    include_path=True,
                    include_query_string=True,
                )
            ],
            request_routing_rule=[
                ApplicationGatewayRequestRoutingRule(
                    name="https",
                    priority=100,
                    rule_type="Basic",
                    http_listener_name="https",
                    backend_address_pool_name=APPLICATION,
                    backend_http_settings_name=APPLICATION,
                ),
                ApplicationGatewayRequestRoutingRule(
                    name="http",
                    priority=200,
                    rule_type="Basic",
                    http_listener_name="http",
                    redirect_configuration_name=TO_HTTPS,
                ),
            ],
            backend_address_pool=[
                ApplicationGatewayBackendAddressPool(name=APPLICATION, ip_addresses=[str(application_address)])
            ],
            # Without a host name of its own: the application sees the name that people typed.
            backend_http_settings=[
                ApplicationGatewayBackendHttpSettings(
                    name=APPLICATION,
                    port=HTTP,
                    protocol="Http",
                    cookie_based_affinity="Disabled",
                    request_timeout=60,
                    probe_name=PROBE,
                )
            ],
            probe=[
                ApplicationGatewayProbe(
                    name=PROBE,
                    protocol="Http",
                    host=settings.host_name,
                    path=probe_path,
                    interval=30,
                    timeout=10,
                    unhealthy_threshold=3,
                )
            ],
            # Azure reads the certificate while it makes the gateway.
            depends_on=[certificate.grant],
        )


def _port(name: str, port: int) -> ApplicationGatewayFrontendPort:
    return ApplicationGatewayFrontendPort(name=name, port=port)


def _listener(
    name: str, protocol: str, host_name: str, *, certificate: str | None = None
) -> ApplicationGatewayHttpListener:
    return ApplicationGatewayHttpListener(
        name=name,
        protocol=protocol,
        frontend_ip_configuration_name=PUBLIC,
        frontend_port_name=name,
        host_name=host_name,
        ssl_certificate_name=certificate,
    )
