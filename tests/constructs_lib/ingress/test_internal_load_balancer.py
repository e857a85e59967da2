"""How an application is called inside the networks, and by whom from outside."""

from ipaddress import IPv4Address

import pytest

from constructs_lib.ingress.internal_load_balancer import InternalLoadBalancer, PrivateLinkService

LINK = PrivateLinkService(name="pls-orders", subnet="snet-private-link-service", visible_to_subscription="ours")


def _annotations(link: PrivateLinkService | None) -> dict[str, str]:
    balancer = InternalLoadBalancer(
        subnet="snet-load-balancers", address=IPv4Address("10.1.4.68"), private_link_service=link
    )
    return {key.removeprefix("service.beta.kubernetes.io/azure-"): text for key, text in balancer.annotations.items()}


@pytest.mark.req(50)
@pytest.mark.parametrize("link", [None, LINK], ids=["without-link", "with-link"])
def test_it_takes_a_known_address_inside_the_network(link: PrivateLinkService | None) -> None:
    assert _annotations(link).items() >= {
        ("load-balancer-internal", "true"),
        ("load-balancer-internal-subnet", "snet-load-balancers"),
        ("load-balancer-ipv4", "10.1.4.68"),
    }


def test_nothing_outside_can_ask_for_a_way_in_unless_somebody_wants_it() -> None:
    assert not any(key.startswith("pls-") for key in _annotations(None))


def test_who_asks_for_a_way_in_waits_for_somebody_to_approve() -> None:
    link = {key: text for key, text in _annotations(LINK).items() if key.startswith("pls-")}

    assert link == {
        "pls-create": "true",
        "pls-name": "pls-orders",
        "pls-ip-configuration-subnet": "snet-private-link-service",
        "pls-visibility": "ours",
    }
