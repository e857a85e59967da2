"""Renders docs/governance.md: which policies hold the cluster and its services, and how to live with them.

`python -m reference.governance` prints it; `make docs` writes it.
"""

from constructs_lib.policy.policy_rows import (
    LARGEST_CONTAINER,
    NAMESPACES_OF_AZURE,
    NAMESPACES_OF_GATEWAYS,
    Judge,
    PolicyRow,
    policy_rows,
)

_EXCLUDED = ", ".join(f"`{name}`" for name in NAMESPACES_OF_AZURE)
_OF_GATEWAYS = ", ".join(f"`{name}`" for name in NAMESPACES_OF_GATEWAYS)

INTRODUCTION = """\
# Governance

What Terraform makes is safe because the program says so. What somebody makes beside it, with `kubectl` or at the
portal, is held to the same rules by Azure Policy: production refuses what breaks them (`Deny`), every other environment
reports it (`Audit`). The policies are Azure's own, assigned to the cluster's resource group; none changes anything, so
that no assignment has an identity. `cluster.policy` in [settings](settings.md) has what can be chosen.

Generated from `constructs_lib/policy/policy_rows.py`, which gives the sources; `make docs` renews it.
"""

IN_THE_CLUSTER = f"""\

## Inside the cluster

Gatekeeper, which the Azure Policy add-on brings, is asked by the API server about every object. With
`network.egress = "none"` there is no add-on, since it fetches from Azure what it judges by: then
[pod security](https://kubernetes.io/docs/concepts/security/pod-security-admission/), quotas and limits of the
platform's own namespaces are what is left.

Excluded are the namespaces of Azure's own add-ons ({_EXCLUDED}),
with [`workloads.gateway`](ingress.md) those of what AKS makes for it ({_OF_GATEWAYS}),
and those that `cluster.policy.excluded_namespaces` names. **Whoever may write there is bound by nothing.**
In a namespace with the label `admission.policy.azure.com/ignore` or `control-plane`, which only administrators of the
cluster can set, [nothing is refused](https://learn.microsoft.com/azure/governance/policy/concepts/policy-for-kubernetes),
but it is reported. And Gatekeeper fails open: while it does not answer, objects are let in, and reported later.
"""

ON_RESOURCES = """\

## On Azure resources of the group

A guard against hands: what the program writes is so already, and a Contributor of the group cannot change it back.
"""

REST = f"""\

## What an application must do

The platform's own applications do all of it. Any other pod, and any chart that you install, must

- run as a user and a group that are not root: `runAsNonRoot: true`, and `runAsUser`, `runAsGroup`, `fsGroup` and
  `supplementalGroups` between 1 and 65535, **all of them said**;
- have `seccompProfile: {{type: RuntimeDefault}}`, and no host network, host port, host process or `hostPath` volume;
- in each container have `allowPrivilegeEscalation: false`, `readOnlyRootFilesystem: true`, no capability
  (`capabilities: {{drop: [ALL]}}`), limits of at most {LARGEST_CONTAINER["cpuLimit"]} cores and
  {LARGEST_CONTAINER["memoryLimit"]}, and an image of the environment's registry, or of
  `cluster.policy.image_registries`;
- have `automountServiceAccountToken: false`, and a namespace of its own.

A service of the type `LoadBalancer` needs the annotation
`service.beta.kubernetes.io/azure-load-balancer-internal: "true"`. An Ingress needs `tls`, and the annotation
`kubernetes.io/ingress.allow-http: "false"`.

Before you turn an environment from `Audit` to `Deny`, look at what it reports: what runs already goes on, but is
refused at its next start.

## See what breaks them

```console
source <(make --silent names ENV=dev)
az policy state list --resource-group "$CLUSTER_GROUP" --filter "complianceState eq 'NonCompliant'" --output table
kubectl get constraints
```

The second asks Azure, the third the cluster itself, whose constraints have in `status` each object that breaks them.
A new assignment takes up to twenty minutes to get there, and the add-on reports every fifteen. Resources are judged
when they change, and once a day; `az policy state trigger-scan --resource-group "$CLUSTER_GROUP"` does not wait for
that. Of what was refused, `kubectl` says the rule (`[azurepolicy-…] …`), and the activity log who asked.

## Do without one

For the whole environment, with a reason that its reviewers read:

```toml
[[cluster.policy.left_out]]
policy = "read_only_root"
because = "Our message broker writes beside its program."
```

For one thing, or for a while, without a change of the environment, as an Owner:

```console
az policy exemption create --name broker --exemption-category Waiver --expires-on 2027-03-31T00:00:00Z \\
  --policy-assignment <id of the assignment> --scope "$CLUSTER_ID"
```

An exemption is of an Azure resource, so one on the cluster lifts a rule for all its namespaces; a namespace is lifted
out of all rules by `cluster.policy.excluded_namespaces`. Exemptions are in no plan; `az policy exemption list` shows
them.

Where your management group assigns such policies already, theirs hold as well, and of two the stricter wins:
`cluster.policy.assigned = false` leaves these out.

## Who may do what in which namespace

Members of `cluster_admin_group_id` do everything. Others get single namespaces, and nothing of the rest:

```toml
[[cluster.namespace_access]]
group_id = "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05"
namespace = "orders"
role = "reader"
```

They sign in as administrators do ([first deployment](first-deployment.md)), from where the API server can be reached. A
`writer` runs pods as any service account there, so give that role where its workload identity may do no harm.

## Who may assign

Whoever deploys the cluster is *Resource Policy Contributor* of the subscription (`make rights`), since the group is not
there before its first deployment. After it, an Owner may give the role on the group alone and take the other away: it
also allows exemptions from whatever is assigned to the subscription.

## What is not enforced here

**Multi-factor authentication** is Entra's, as signing in to the cluster is: a Conditional Access policy of the tenant
for the application *Azure Kubernetes Service AAD Server*, `6dae42f8-4368-4678-94ff-3960e28e3630`, in report-only mode
first, and without the accounts that must get in when it fails.
[Microsoft's page](https://learn.microsoft.com/azure/aks/access-control-managed-azure-ad) has the steps. It is
[not built](not-built.md), because it takes a right over everybody in the tenant.
"""


def render() -> str:
    """The page: the rows of each judge, and how to live with them."""
    rows = policy_rows(["<registry>.azurecr.io"])
    return "\n".join(
        [
            INTRODUCTION + IN_THE_CLUSTER,
            *_table([row for row in rows if row.judge is Judge.GATEKEEPER]),
            ON_RESOURCES,
            *_table([row for row in rows if row.judge is Judge.RESOURCE_MANAGER]),
            REST,
        ]
    )


def _table(rows: list[PolicyRow]) -> list[str]:
    return [
        "| Rule | In `left_out` | Why | Definition |\n|---|---|---|---|",
        *(f"| {row.title} | `{row.policy}` | {row.because} | `{row.definition}` |" for row in rows),
    ]


if __name__ == "__main__":
    print(render(), end="")
