"""Renders docs/costs.md: what each environment costs before anybody uses it, added up from its settings.

`python -m reference.costs` prints it; `make docs` writes it.
"""

import os
from collections.abc import Iterable, Iterator

from config.environment import EnvironmentSettings
from config.loading import load_or_exit
from reference.charges import bill, total
from reference.prices import (
    DISK_PRICES,
    HOURS_A_MONTH,
    MACHINE_PRICES,
    PRICES,
    READ,
    USD_A_MONTH_OF_A_PREMIUM_DISK,
    USD_AN_HOUR_OF_A_PROCESSOR,
)

INTRODUCTION = f"""\
# Costs

Most of what an environment costs is charged by the hour, used or not. The tables add up what the files in
`environments/` ask for, at Azure's list prices as copied in {READ} ([below](#prices)). They are
orders of magnitude: prices differ by region, and by your contract. `make docs` renews the page.

What depends on use is not in the tables: data through firewall, gateways and private endpoints (USD 0.01 to 0.05 a
gigabyte), logs (about USD 3 a gigabyte), storage of states, audit logs, database and backups, nodes and SQL cores
beyond the fewest, and Advanced Container Networking Services, by the
[node and hour](https://azure.microsoft.com/pricing/details/azure-container-networking-services/).
Overnight, [`az aks stop`](stopping.md) ends the charges for nodes, and a serverless database that is allowed to pause
those for its cores; the rest goes on until it is destroyed.
"""


def render(environments: Iterable[EnvironmentSettings]) -> str:
    """The page: a table for each environment, and the prices."""
    sections = (line for environment in environments for line in _section(environment))
    return "\n".join([INTRODUCTION, *sections, render_prices()])


def render_prices() -> str:
    """The end of the page, which is the same whatever the environments are."""
    rows = [
        f"| {what} | {_usd(price.usd_a_month)} | {price.region} | [page]({price.source}) |"
        for what, price in PRICES.items()
    ]
    processors = [
        f"| Virtual core of series {series} | {_usd(usd * HOURS_A_MONTH)} | West Europe | [page]({MACHINE_PRICES}) |"
        for series, usd in USD_AN_HOUR_OF_A_PROCESSOR.items()
    ]
    disks = [
        f"| Managed disk, Premium SSD, up to {size} GB | {_usd(usd)} | East US | [page]({DISK_PRICES}) |"
        for size, usd in USD_A_MONTH_OF_A_PREMIUM_DISK.items()
    ]
    heading = [
        "## Prices\n",
        f"For a month of {HOURS_A_MONTH} hours, in the region named. The linked page has today's, of every region.\n",
        "| What | USD a month | Region | Source |\n|---|---|---|---|",
    ]
    return "\n".join([*heading, *rows, *processors, *disks, ""])


def _section(environment: EnvironmentSettings) -> Iterator[str]:
    charges = bill(environment)
    about = "about" if all(charge.usd_a_month is not None for charge in charges) else "more than"
    # Two figures: it is known no better.
    yield f"## {environment.name}: {about} USD {float(f'{total(charges):.2g}'):,.0f} a month\n"
    yield "| What | Number | USD a month | Asked for by |\n|---|---|---|---|"
    for charge in charges:
        usd = "not known here" if charge.usd_a_month is None else _usd(charge.usd_a_month)
        yield f"| {charge.what} | {charge.quantity:g} | {usd} | {charge.because} |"
    yield ""


def _usd(amount: float) -> str:
    return f"{amount:,.2f}" if amount < 10 else f"{amount:,.0f}"


if __name__ == "__main__":
    print(render(load_or_exit(os.environ)), end="")
