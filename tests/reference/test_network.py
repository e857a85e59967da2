"""The page about the network is what address plan, rules and settings say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reference.network import ENUMERATIONS, OTHER_OPTIONS, render
from reference.settings import choices

REPOSITORY = Path(__file__).parents[2]


def test_the_page_is_up_to_date() -> None:
    page = (REPOSITORY / "docs" / "network.md").read_text(encoding="utf-8")

    assert page == render(), "docs/network.md is out of date; `make docs` renews it"


def test_rendering_starts_no_node() -> None:
    program = "import sys, reference.network; sys.exit('jsii' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=False)  # noqa: S603 - our own program

    assert done.returncode == 0


@pytest.mark.req(47)
def test_every_option_says_what_it_costs() -> None:
    texts = [text for enumeration in ENUMERATIONS.values() for text in choices(enumeration).values()]

    assert [text for text in [*texts, *OTHER_OPTIONS.values()] if not re.search("USD|charge|cost", text)] == []


def test_a_row_names_ends_ports_and_reason() -> None:
    page = render()

    assert "| AzureBastionSubnet, snet-agents | snet-aks-nodes | TCP 443 | The API server's private endpoint" in page
    assert "| snet-jump-box | `jump_box` | hub | 192 | 10.10.0.192/28 | 10.10.24.192/28 | /29 | jump box |  |" in page
    assert "| web | pods k8s-app=kube-dns in kube-system | UDP 53, TCP 53 | Names are resolved" in page
    assert "| web | pods app.kubernetes.io/name=api in api | TCP 8080 | web calls api. |" in page
    assert "| pods app.kubernetes.io/name=web in web | api | TCP 8080 | web calls api. |" in page
    assert "| Internet, at the firewall's public address | the application, port 80 | TCP 443 |" in page
