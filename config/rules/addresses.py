"""What must hold between ranges: subnets fit their networks, and no two ranges meet."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations, pairwise

from config.network.address_plan import AddressPlan
from config.network.network import NetworkSettings
from config.network.subnets import SUBNETS, SubnetKey, VirtualNetworkKey
from config.rules.registration import Problem, doubt, rule

# Azure keeps five addresses of every subnet: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
AZURE_RESERVED_ADDRESSES = 5

# What AKS refuses as pod, service or node addresses: https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning
# 172.17.0.0/16 is the container runtime's default bridge; what AKS refuses besides these is not private anyway.
AKS_RESERVED_RANGES = tuple(IPv4Network(text) for text in ("172.17.0.0/16", "172.30.0.0/16", "172.31.0.0/16"))

PRIVATE_RANGES = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


@rule("network")
def _subnets_fit(network: NetworkSettings) -> Iterator[Problem]:
    plan = network.address_plan
    chosen = {key: given for key in SubnetKey if (given := getattr(network.subnets, key)) is not None}
    for key, range_ in chosen.items():
        if key not in plan.subnets:
            yield Problem(
                f"network.subnets.{key}", f"{range_} is not used, for no setting calls for this subnet; remove it"
            )
    for key in plan.subnets:
        if key in chosen:
            yield from _subnet_fits(key, plan)
    for home in plan.virtual_networks:
        planned = [key for key in plan.subnets if key not in chosen and plan.home_of(key) is home]
        yield from _planned_subnets_fit(home, planned, plan)
    for first, second in combinations(plan.subnets, 2):
        ours, theirs = plan.subnets[first], plan.subnets[second]
        # Two planned ones meet only in a network that is too small, which is reported above.
        if (
            plan.home_of(first) == plan.home_of(second)
            and ours.overlaps(theirs)
            and (first in chosen or second in chosen)
        ):
            changed = first if first in chosen else second
            yield Problem(
                f"network.subnets.{changed}",
                f"{plan.subnets[changed]} overlaps {second if changed == first else first}, "
                f"{theirs if changed == first else ours}; choose a free range",
            )


def _subnet_fits(key: SubnetKey, plan: AddressPlan) -> Iterator[Problem]:
    subnet, smallest = plan.subnets[key], SUBNETS[key].longest_prefix_length
    network = plan.virtual_networks[plan.home_of(key)]
    if subnet.prefixlen > smallest:
        yield Problem(
            f"network.subnets.{key}",
            f"{subnet} is too small: the subnet needs a range of /{smallest} or larger",
        )
    if not subnet.subnet_of(network):
        yield Problem(
            f"network.subnets.{key}",
            f"{subnet} lies outside its virtual network {network}; choose a range inside it",
        )


def _planned_subnets_fit(home: VirtualNetworkKey, planned: list[SubnetKey], plan: AddressPlan) -> Iterator[Problem]:
    network = plan.virtual_networks[home]
    outside = [key for key in planned if not plan.subnets[key].subnet_of(network)]
    if not outside:
        return
    # Counted from the network's first address, also where the plan goes past the last one that there is.
    first = int(network.network_address)
    needed = max(
        (int(plan.subnets[key].network_address) - first) % 2**32 + plan.subnets[key].num_addresses for key in outside
    )
    yield Problem(
        f"network.{home}.address_space",
        f"{network} has no room for {', '.join(outside)}; use a range of /{32 - (needed - 1).bit_length()} or larger, "
        "or give each of them a range inside it under [network.subnets]",
    )


RANGES = (
    "network.hub.address_space",
    "network.spoke.address_space",
    "cluster.kubernetes.pod_cidr",
    "cluster.kubernetes.service_cidr",
)


def _is_private(path: str, network: IPv4Network) -> Iterator[Problem]:
    if not any(network.subnet_of(private) for private in PRIVATE_RANGES):
        yield Problem(path, f"{network} is not private; choose from {', '.join(map(str, PRIVATE_RANGES))}")


def _is_private_and_free(path: str) -> None:
    @rule(path)
    def check(network: IPv4Network) -> Iterator[Problem]:
        yield from _is_private(path, network)
        for reserved in AKS_RESERVED_RANGES:
            if network.overlaps(reserved):
                yield Problem(path, f"{network} overlaps {reserved}, which AKS keeps for itself; choose another range")


def _keeps_apart(first: str, second: str) -> None:
    @rule(first, second)
    def check(ours: IPv4Network, theirs: IPv4Network) -> Iterator[Problem]:
        if ours.overlaps(theirs):
            yield Problem(second, f"{theirs} overlaps {first}, {ours}; choose ranges that are apart")


# Of Azure's own, and what is no network: a rule for it would let in everybody, or nobody.
# https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
NO_NETWORKS = tuple(
    IPv4Network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "224.0.0.0/3")
)
WIDEST_REMOTE_RANGE = 8


CALLERS = (
    "network.remote_ranges",
    "network.callers.application",
    "network.callers.vault",
    "network.callers.sql",
    "network.callers.api_server",
)


def _are_networks_of_others(path: str) -> None:
    @rule(path)
    def check(ranges: tuple[IPv4Network, ...] | None) -> Iterator[Problem]:
        for network in ranges or ():
            if network.prefixlen < WIDEST_REMOTE_RANGE or any(network.overlaps(no) for no in NO_NETWORKS):
                yield Problem(path, f"{network} is no network of yours; it must be a range of /8 or smaller")
        for ours, theirs in pairwise(sorted(ranges or ())):
            if ours.overlaps(theirs):
                yield Problem(path, f"{theirs} overlaps {ours}, which is in the list too; name each address once")

    @doubt(path)
    def check_privacy(ranges: tuple[IPv4Network, ...] | None) -> Iterator[str]:
        public = [one for one in ranges or () if not any(one.subnet_of(private) for private in PRIVATE_RANGES)]
        if public:
            more = f" and {len(public) - 1} more" if len(public) > 1 else ""
            yield f"{public[0]}{more} is not private; choose from {', '.join(map(str, PRIVATE_RANGES))}"


def _is_not_inside(path: str, own_path: str) -> None:
    # What encloses it is right: the platform's own is then taken out.
    @rule(own_path, path)
    def check(own: IPv4Network, ranges: tuple[IPv4Network, ...] | None) -> Iterator[Problem]:
        for network in ranges or ():
            if network.subnet_of(own):
                yield Problem(
                    path, f"{network} lies in {own_path}, {own}, for which the platform's rules hold; remove it"
                )


for _path in RANGES:
    _is_private_and_free(_path)
for _callers in CALLERS:
    _are_networks_of_others(_callers)
    for _path in RANGES:
        _is_not_inside(_callers, _path)
for _first, _second in combinations(RANGES, 2):
    _keeps_apart(_first, _second)
