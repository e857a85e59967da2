"""The syntax of the commands of tools that are not here, as their makers document it."""

from typing import NamedTuple

AZURE_CLI = (
    "https://github.com/MicrosoftDocs/azure-docs-cli/blob/e97b361d00a5deca1759cc063e05ae2d53ea95e0"
    "/docs-ref-autogen/Latest-version/latest/{page}.yml"
)
"""Where each command of `az` is documented, made from the sources of the Azure CLI and its extensions (August 2026)."""


class Syntax(NamedTuple):
    """What a command takes."""

    page: str
    required: str = ""
    """Its options; `|` stands between two names of one."""

    optional: str = ""


# https://learn.microsoft.com/cli/azure/reference-index#az-login-optional-parameters
AZ_TAKES_ALWAYS = "--debug --help --only-show-errors --output --query --subscription --verbose"

_KEY_BY_NAME = "--acquire-policy-token --change-reference --hsm-name --id --name --vault-name"

AZ: dict[str, Syntax] = {
    "account list": Syntax(
        "account",
        "",
        "--all --refresh",
    ),
    "account set": Syntax(
        "account",
        "--name|--subscription",
        "",
    ),
    "account show": Syntax(
        "account",
        "",
        "--name",
    ),
    "acr import": Syntax(
        "acr",
        "--name --source",
        "--force --image --no-wait --password --registry --repository --resource-group --username",
    ),
    "acr manifest list-metadata": Syntax(
        "acr/manifest",
        "",
        "--name --orderby --password --registry --suffix --top --username",
    ),
    "ad app permission admin-consent": Syntax(
        "ad/app/permission",
        "--id",
        "",
    ),
    "ad group create": Syntax(
        "ad/group",
        "--display-name --mail-nickname",
        "--description --force",
    ),
    "ad group member add": Syntax(
        "ad/group/member",
        "--group --member-id",
        "",
    ),
    "ad group show": Syntax(
        "ad/group",
        "--group",
        "",
    ),
    "ad signed-in-user show": Syntax(
        "ad/signed-in-user",
        "",
        "",
    ),
    "ad sp list": Syntax(
        "ad/sp",
        "",
        "--all --display-name --filter --show-mine --spn",
    ),
    "ad sp show": Syntax(
        "ad/sp",
        "--id",
        "",
    ),
    "afd endpoint show": Syntax(
        "afd/endpoint",
        "",
        "--endpoint-name --name --ids --profile-name --resource-group",
    ),
    "aks bastion tunnel": Syntax(
        "aks/bastion",
        "--name --resource-group",
        "--admin --bastion --kubeconfig-path --port --yes",
    ),
    "aks get-credentials": Syntax(
        "aks",
        "--name --resource-group",
        "--admin --context --file --format --overwrite-existing --public-fqdn",
    ),
    "aks get-upgrades": Syntax(
        "aks",
        "--name --resource-group",
        "",
    ),
    "aks install-cli": Syntax(
        "aks",
        "",
        "--base-src-url --client-version --gh-token --install-location --kubelogin-base-src-url --kubelogin- "
        "install-location --kubelogin-version",
    ),
    "aks mesh get-revisions": Syntax(
        "aks/mesh",
        "--location",
        "",
    ),
    "aks nodepool list": Syntax(
        "aks/nodepool",
        "--cluster-name --resource-group",
        "",
    ),
    "aks nodepool upgrade": Syntax(
        "aks/nodepool",
        "--cluster-name --name|--nodepool-name --resource-group",
        "--kubernetes-version --max-surge --no-wait --node-image-only --yes",
    ),
    "aks show": Syntax(
        "aks",
        "--name --resource-group",
        "",
    ),
    "aks start": Syntax(
        "aks",
        "--name --resource-group",
        "--no-wait",
    ),
    "aks stop": Syntax(
        "aks",
        "--name --resource-group",
        "--no-wait",
    ),
    # Of many more, what a proxy and other identities need.
    "aks update": Syntax(
        "aks",
        "--name --resource-group",
        "--assign-identity --assign-kubelet-identity --disable-defender --disable-http-proxy "
        "--disable-app-routing-istio --enable-app-routing-istio --enable-gateway-api "
        "--enable-azure-monitor-metrics --enable-http-proxy --enable-managed-identity --http-proxy-config "
        "--no-wait --yes",
    ),
    "aks upgrade": Syntax(
        "aks",
        "--name --resource-group",
        "--control-plane-only --disable-force-upgrade --enable-force-upgrade --if-match --if-none-match "
        "--k8s-support-plan --kubernetes-version --no-wait --node-image-only --tier --upgrade-override-until "
        "--yes",
    ),
    "devops configure": Syntax(
        "devops",
        "",
        "--defaults --list --use-git-aliases",
    ),
    "devops service-endpoint create": Syntax(
        "devops/service-endpoint",
        "--service-endpoint-configuration",
        "--detect --encoding --org --organization --project",
    ),
    "extension add": Syntax(
        "extension",
        "",
        "--allow-preview --name --pip-extra-index-urls --pip-proxy --source --system --upgrade --version --yes",
    ),
    "feature register": Syntax(
        "feature",
        "--name --namespace",
        "",
    ),
    "feature show": Syntax(
        "feature",
        "--name --namespace",
        "",
    ),
    "group list": Syntax(
        "group",
        "",
        "--tag",
    ),
    "identity show": Syntax(
        "identity",
        "",
        "--ids --name --resource-name --resource-group",
    ),
    "grafana show": Syntax(
        "grafana",
        "--name",
        "--resource-group",
    ),
    "keyvault certificate show": Syntax(
        "keyvault/certificate",
        "",
        "--id --name --vault-name --version",
    ),
    "keyvault certificate import": Syntax(
        "keyvault/certificate",
        "--file --name --vault-name",
        "--disabled --password --policy --tags",
    ),
    **{
        f"keyvault key {action}": Syntax("keyvault/key", "", f"{_KEY_BY_NAME} {options}")
        for action, options in {
            "delete": "",
            "recover": "",
            "rotate": "",
            "set-attributes": "--enabled --expires --immutable --not-before --ops --policy --tags --version",
        }.items()
    },
    "keyvault secret list": Syntax(
        "keyvault/secret",
        "",
        "--id --include-managed --maxresults --vault-name",
    ),
    "keyvault secret list-deleted": Syntax(
        "keyvault/secret",
        "",
        "--acquire-policy-token --change-reference --id --maxresults --vault-name",
    ),
    "keyvault secret recover": Syntax(
        "keyvault/secret",
        "",
        "--acquire-policy-token --change-reference --id --name --vault-name",
    ),
    "keyvault secret set": Syntax(
        "keyvault/secret",
        "--name --vault-name",
        "--content-type --description --disabled --encoding --expires --file --not-before --tags --value",
    ),
    "lock delete": Syntax(
        "lock",
        "",
        "--ids --name --namespace --parent --resource --resource-name --resource-group --resource-type",
    ),
    "login": Syntax(
        "reference-index",
        "",
        "--allow-no-subscriptions --certificate --claims-challenge --client-id --federated-token --identity "
        "--object-id --password --resource-id --scope --service-principal --skip-sub --skip-subscription- "
        "discovery --tenant --use-cert-sn-issuer --use-device-code --username",
    ),
    "monitor activity-log list": Syntax(
        "monitor/activity-log",
        "",
        "--caller --correlation-id --end-time --max-events --namespace --offset --resource-group --resource-id "
        "--select --start-time --status",
    ),
    "network bastion ssh": Syntax(
        "network/bastion",
        "--auth-type",
        "--ids --name --resource-group --resource-port --ssh-key --target-ip-address --target-resource-id --username",
    ),
    "network private-dns link vnet list": Syntax(
        "network/private-dns/link/vnet",
        "--resource-group --zone-name",
        "--max-items --next-token --top",
    ),
    "network private-dns link vnet create": Syntax(
        "network/private-dns/link/vnet",
        "--name --registration-enabled --resource-group --virtual-network --zone-name",
        "--no-wait --resolution-policy --tags",
    ),
    "network private-link-service connection update": Syntax(
        "network/private-link-service/connection",
        "--connection-status",
        "--action-required --add --description --force-string --ids --name --remove --resource-group "
        "--service-name --set",
    ),
    "network private-link-service show": Syntax(
        "network/private-link-service",
        "",
        "--expand --ids --name --resource-group",
    ),
    "network public-ip show": Syntax(
        "network/public-ip",
        "",
        "--expand --ids --name --resource-group",
    ),
    "network vnet peering create": Syntax(
        "network/vnet/peering",
        "--name --remote-vnet --resource-group --vnet-name",
        "--allow-forwarded-traffic --allow-gateway-transit --allow-vnet-access --enable-only-ipv6 --local- "
        "subnet-names --no-wait --peer-complete-vnets --remote-subnet-names --use-remote-gateways",
    ),
    "network vnet peering list": Syntax(
        "network/vnet/peering",
        "--resource-group --vnet-name",
        "--max-items --next-token",
    ),
    "pipelines create": Syntax(
        "pipelines",
        "--name",
        "--branch --description --detect --folder-path --org --organization --project --queue-id --repository "
        "--repository-type --service-connection --skip-first-run --yaml-path --yml-path",
    ),
    "pipelines variable-group create": Syntax(
        "pipelines/variable-group",
        "--name --variables",
        "--authorize --description --detect --org --organization --project",
    ),
    "policy exemption create": Syntax(
        "policy/exemption",
        "--name",
        "--description --display-name --exemption-category --expires-on --metadata --policy-assignment "
        "--policy-definition-reference-ids --resource-group --scope",
    ),
    "policy exemption list": Syntax(
        "policy/exemption",
        "",
        "--disable-scope-strict-match --resource-group --scope",
    ),
    "policy state list": Syntax(
        "policy/state",
        "",
        "--all --apply --expand --filter --from --management-group --namespace --order-by --parent --policy-assignment "
        "--policy-definition --policy-set-definition --resource --resource-group --resource-type --select --to --top",
    ),
    "policy state trigger-scan": Syntax(
        "policy/state",
        "",
        "--no-wait --resource-group",
    ),
    "provider register": Syntax(
        "provider",
        "--namespace",
        "--consent-to-permissions --management-group-id --wait",
    ),
    "repos policy build create": Syntax(
        "repos/policy/build",
        "--blocking --branch --build-definition-id --display-name --enabled --manual-queue-only "
        "--queue-on-source-update-only --repository-id --valid-duration",
        "--branch-match-type --detect --org --organization --path-filter --project",
    ),
    "role assignment create": Syntax(
        "role/assignment",
        "--role --scope",
        "--assignee --assignee-object-id --assignee-principal-type --condition --condition-version "
        "--description --name",
    ),
    "role assignment delete": Syntax(
        "role/assignment",
        "",
        "--assignee --assignee-object-id --ids --include-inherited --resource-group --role --scope --yes",
    ),
    "sql db list-deleted": Syntax(
        "sql/db",
        "",
        "--acquire-policy-token --change-reference --ids --resource-group --server",
    ),
    "sql db rename": Syntax(
        "sql/db",
        "--new-name",
        "--acquire-policy-token --change-reference --ids --name --resource-group --server",
    ),
    # Of many more, what a restored database takes over by itself.
    "sql db restore": Syntax(
        "sql/db",
        "--dest-name",
        "--deleted-time --ids --name --no-wait --resource-group --server --time",
    ),
    "sql server firewall-rule list": Syntax(
        "sql/server/firewall-rule",
        "",
        "--ids --resource-group --server",
    ),
    "storage account network-rule add": Syntax(
        "storage/account/network-rule",
        "--account-name",
        "--acquire-policy-token --action --change-reference --ip-address --ipv6-address --resource-group --resource-id "
        "--subnet --tenant-id --vnet-name",
    ),
    "storage account update": Syntax(
        "storage/account",
        "--name|--ids",
        "--bypass --default-action --public-network-access --resource-group",
    ),
    "storage blob download": Syntax(
        "storage/blob",
        "",
        "--account-key --account-name --acquire-policy-token --auth-mode --blob-endpoint --blob-url --change-reference "
        "--connection-string --container-name --end-range --file --if-match --if-modified-since --if-none-match "
        "--if-unmodified-since --lease-id --max-connections --name --no-progress --open-mode --overwrite --sas-token "
        "--snapshot --start-range --tags-condition --timeout --validate-content --version-id",
    ),
    "storage blob lease break": Syntax(
        "storage/blob/lease",
        "--blob-name --container-name",
        "--account-key --account-name --auth-mode --blob-endpoint --connection-string --if-match --if- "
        "modified-since --if-none-match --if-unmodified-since --lease-break-period --sas-token --tags- "
        "condition --timeout",
    ),
    "storage blob list": Syntax(
        "storage/blob",
        "--container-name",
        "--account-key --account-name --auth-mode --blob-endpoint --connection-string --delimiter --include "
        "--marker --num-results --prefix --sas-token --show-next-marker --timeout",
    ),
    "vm list-skus": Syntax(
        "vm",
        "",
        "--all --location --resource-type --size --zone",
    ),
    "vm list-usage": Syntax(
        "vm",
        "--location",
        "",
    ),
}

OTHERS: dict[str, Syntax] = {
    "curl": Syntax("https://curl.se/docs/manpage.html", "", "--resolve"),
    "docker run": Syntax(
        "https://docs.docker.com/reference/cli/docker/container/run/",
        "",
        "--cap-drop --env --memory --publish --read-only --rm --tmpfs --user",
    ),
    "kubectl delete": Syntax("https://kubernetes.io/docs/reference/kubectl/generated/kubectl_delete/"),
    "kubectl describe": Syntax(
        "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_describe/", "", "--namespace"
    ),
    "kubectl get": Syntax(
        "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/", "", "--namespace --output --selector"
    ),
    "kubectl logs": Syntax(
        "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/", "", "--namespace --previous"
    ),
    "kubectl port-forward": Syntax(
        "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_port-forward/", "", "--namespace"
    ),
    "kubectl rollout restart": Syntax(
        "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_restart/",
        "",
        "--namespace",
    ),
    "kubelogin convert-kubeconfig": Syntax(
        "https://azure.github.io/kubelogin/cli/convert-kubeconfig.html", "--login", "--context --kubeconfig"
    ),
    "sqlcmd": Syntax(
        "https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-use-utility",
        "--server",
        "--authentication-method --database-name --input-file --query",
    ),
}
