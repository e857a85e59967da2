"""What Azure charges for by the hour, as data: list prices in USD, each with the region that it is the price for.

Machines were read off Azure's price list by Microsoft's own node provisioner, on the day that stands there. The rest
comes from public copies of that list, the last of September 2026, and not from the list itself, which
https://prices.azure.com/api/retail/prices gives without an account. So they are orders of magnitude.
"""

from dataclasses import dataclass

READ = "June to September 2026"
"""Whoever renews a price renews this too."""

# What Azure calls a month: https://azure.microsoft.com/pricing/calculator
HOURS_A_MONTH = 730


@dataclass(frozen=True)
class Price:
    """What one unit costs in an hour."""

    usd_an_hour: float
    region: str
    """Where this is the price; `any` where all regions have one price."""

    source: str
    """Microsoft's page, which has the price of today for each region."""

    @property
    def usd_a_month(self) -> float:
        """What one unit costs that is there all the time."""
        return self.usd_an_hour * HOURS_A_MONTH


def _azure(page: str) -> str:
    return f"https://azure.microsoft.com/pricing/details/{page}/"


PRICES: dict[str, Price] = {
    "Azure Firewall Basic": Price(0.395, "West Europe", _azure("azure-firewall")),
    "Azure Firewall Standard": Price(1.25, "West Europe", _azure("azure-firewall")),
    "Azure Firewall Premium": Price(1.75, "West Europe", _azure("azure-firewall")),
    "NAT gateway": Price(0.045, "any", _azure("azure-nat-gateway")),
    "Public address": Price(0.005, "any", _azure("ip-addresses")),
    "DDoS IP Protection": Price(199 / HOURS_A_MONTH, "any", _azure("ddos-protection")),
    "Bastion Standard": Price(0.29, "West Europe", _azure("azure-bastion")),
    "Private endpoint": Price(0.01, "any", _azure("private-link")),
    "Private DNS zone": Price(0.5 / HOURS_A_MONTH, "West Europe", _azure("dns")),
    "Load balancer with up to five rules": Price(0.025, "any", _azure("load-balancer")),
    "Container registry Premium": Price(50 / HOURS_A_MONTH, "any", _azure("container-registry")),
    "AKS control plane, Standard tier": Price(0.10, "any", _azure("kubernetes-service")),
    "AKS control plane, Premium tier": Price(0.60, "any", _azure("kubernetes-service")),
    "SQL vCore, General Purpose serverless, while it runs": Price(
        0.522, "East US", _azure("azure-sql-database/single")
    ),
    "SQL vCore, General Purpose": Price(0.252, "East US", _azure("azure-sql-database/single")),
    "SQL vCore, Business Critical": Price(0.679, "East US", _azure("azure-sql-database/single")),
    "Application Gateway WAF v2": Price(0.443, "West Europe", _azure("application-gateway")),
    "Application Gateway WAF v2, ten capacity units": Price(0.144, "West Europe", _azure("application-gateway")),
    "Alert on logs": Price(0.5 / HOURS_A_MONTH, "any", _azure("monitor")),
    "Alert on a metric": Price(0.1 / HOURS_A_MONTH, "any", _azure("monitor")),
    "Defender for Containers, virtual core": Price(6.87 / HOURS_A_MONTH, "any", _azure("defender-for-cloud")),
    "Defender for SQL, server": Price(15 / HOURS_A_MONTH, "any", _azure("defender-for-cloud")),
    "Defender for Storage, account": Price(10 / HOURS_A_MONTH, "any", _azure("defender-for-cloud")),
    "Defender for Key Vault, vault": Price(0.25 / HOURS_A_MONTH, "any", _azure("defender-for-cloud")),
    "Key Vault, key in a hardware module": Price(5 / HOURS_A_MONTH, "any", _azure("key-vault")),
    "Front Door Premium": Price(330 / HOURS_A_MONTH, "any", _azure("frontdoor")),
}

# A virtual processor of a Linux machine in West Europe, by series. Within a series the price grows with their number.
# Read off Azure's price list by Microsoft's own node provisioner on 18 June 2026:
# https://github.com/Azure/karpenter-provider-azure/blob/2b431da153a6a92b705c18046512c60b1631b682/pkg/providers/pricing/zz_generated.pricing.go
USD_AN_HOUR_OF_A_PROCESSOR: dict[str, float] = {
    "DCads_v5": 0.0625,
    "DCads_v6": 0.069,
    "DCas_v5": 0.052,
    "DCas_v6": 0.055,
    "Dads_v5": 0.0625,
    "Dads_v6": 0.069,
    "Dads_v7": 0.069,
    "Dalds_v6": 0.0575,
    "Dalds_v7": 0.0575,
    "Das_v5": 0.052,
    "Das_v6": 0.055,
    "Dds_v4": 0.068,
    "Dds_v5": 0.068,
    "Dds_v6": 0.0745,
    "Dds_v7": 0.102,
    "Dlds_v5": 0.0555,
    "Dlds_v6": 0.063,
    "Dlds_v7": 0.0865,
    "Dpds_v5": 0.0545,
    "Dpds_v6": 0.055,
    "Dplds_v5": 0.0445,
    "Dplds_v6": 0.0466,
    "Dpls_v5": 0.0388,
    "Dpls_v6": 0.0371,
    "Dps_v5": 0.046,
    "Dps_v6": 0.0419,
    "Ds_v4": 0.0575,
    "Ds_v5": 0.0575,
    "Ds_v6": 0.0605,
    "Ds_v7": 0.0825,
    "ECads_v5": 0.074,
    "ECads_v6": 0.0875,
    "ECas_v5": 0.0685,
    "ECas_v6": 0.072,
    "Eads_v5": 0.079,
    "Eads_v6": 0.0875,
    "Ebds_v5": 0.0995,
    "Ebds_v6": 0.128,
    "Eds_v4": 0.0865,
    "Eds_v5": 0.0865,
    "Eds_v6": 0.0985,
    "Eds_v7": 0.1295,
    "Epds_v5": 0.069,
    "Epds_v6": 0.07,
    "Eps_v5": 0.061,
    "Eps_v6": 0.055,
    "Es_v4": 0.076,
    "Es_v5": 0.076,
    "Es_v6": 0.08,
}
MACHINE_PRICES = _azure("virtual-machines/linux")

# Managed disks, Premium SSD with local redundancy, in East US: what a month costs by the gigabytes up to which it does.
USD_A_MONTH_OF_A_PREMIUM_DISK: dict[int, float] = {
    32: 5.28,
    64: 10.21,
    128: 19.71,
    256: 38.02,
    512: 73.22,
    1024: 135.17,
    2048: 259.05,
}
DISK_PRICES = _azure("managed-disks")
