"""What must hold of the secrets that a deployment writes."""

from collections.abc import Iterator

from config.cluster.vault_secrets import VaultSecretSettings
from config.network.application_gateway import ApplicationGatewaySettings
from config.rules.registration import Problem, rule

_PATH = "cluster.vault_secrets"


@rule(_PATH, "network.application_gateway")
def _secrets_have_names_of_their_own(
    secrets: tuple[VaultSecretSettings, ...], gateway: ApplicationGatewaySettings | None
) -> Iterator[Problem]:
    # A certificate's private key is the vault's secret of the same name; and a vault tells no case apart.
    taken = {gateway.certificate_name.lower(): "the certificate of the gateway has it"} if gateway else {}
    for index, secret in enumerate(secrets):
        if why := taken.get(secret.name.lower()):
            yield Problem(f"{_PATH}.{index}.name", f"{secret.name} cannot be its name: {why}; choose another")
        taken[secret.name.lower()] = "it stands in the list already"


@rule(_PATH, "identities.cluster_plan")
def _nobody_reads_secrets_to_plan(secrets: tuple[VaultSecretSettings, ...], planner: str | None) -> Iterator[Problem]:
    if secrets and planner is not None:
        yield Problem(
            _PATH,
            "would have to be read, values and all, by identities.cluster_plan, which plans what nobody has approved; "
            "remove one of the two",
        )
