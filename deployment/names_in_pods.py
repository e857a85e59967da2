"""Looks whether pods find the platform's services at private addresses.

    python3 -m deployment.names_in_pods cdktf.out/stacks/dev-cluster cdktf.out/stacks/dev-workloads

Asks the cluster's DNS, from a pod that is made for it and goes with it, for the ordinary names of vault, registry and
database, and for that of the API server; prints where each leads. Ends with 1 if one leads elsewhere.
"""

import argparse
import ipaddress
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deployment.azure_pipelines import report_error
from deployment.errand import TO_THE_CLUSTERS_DNS, Errand, errand, registry_of
from deployment.kubectl import Kubectl, KubectlError, signed_in_kubectl
from deployment.services import private_hosts


def faults(cluster: Mapping[str, Any], workloads: Mapping[str, Any], kubectl: Kubectl) -> Iterator[str]:
    """A sentence for each name that does not lead where it should, seen from a pod.

    Raises:
        KubectlError: no pod could be asked.

    """
    address = "jsonpath={.clusters[0].cluster.server}"
    api_server = urlsplit(kubectl.run("config", "view", "--minify", "--output", address)).hostname or ""
    with errand(kubectl, registry_of(workloads), [TO_THE_CLUSTERS_DNS]) as pod:
        for host in (*private_hosts(cluster), api_server):
            if fault := _judged(host, _resolved(pod, host)):
                yield f"from a pod, {fault}"


def _resolved(pod: Errand, host: str) -> list[str]:
    """The addresses that a pod gets for a name, as `dig` prints them below the names that it passes through."""
    said = pod.kubectl.run(*pod.within("dig", "+short", "+time=5", "+tries=2", host, "A")).split()
    found = [word for word in said if not word.endswith(".")]
    print(f"From a pod, {host} leads to {', '.join(found) or 'nowhere'}", flush=True)
    return found


def _judged(host: str, addresses: list[str]) -> str:
    if not addresses:
        return f"{host}: is not found"
    public = [address for address in addresses if not ipaddress.ip_address(address).is_private]
    return f"{host}: leads to {', '.join(public)}, which is public" if public else ""


def main() -> None:
    """Look, and name everything that leads elsewhere."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.names_in_pods", description="Resolve names in a pod.")
    parser.add_argument("cluster", type=Path, help="folder of the cluster stack")
    parser.add_argument("workloads", type=Path, help="folder of the workloads stack")
    arguments = parser.parse_args()
    cluster, workloads = (
        json.loads((stack / "cdk.tf.json").read_bytes()) for stack in (arguments.cluster, arguments.workloads)
    )
    try:
        with signed_in_kubectl(workloads) as kubectl:
            found = list(faults(cluster, workloads, kubectl))
    except KubectlError as error:
        found = [str(error)]
    for fault in found:
        print(fault)
        report_error(fault)
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
