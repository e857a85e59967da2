"""Settings of the secrets that the cluster stack puts into the vault."""

from typing import Annotated

from pydantic import Field

from config.types import Settings, VaultObjectName


class VaultSecretSettings(Settings):
    """A secret that a deployment writes, from a variable of whoever deploys; no file holds its value.

    Without this list, people write secrets into the vault. The variable is asked for by every plan and every apply.
    """

    name: VaultObjectName
    """Its name in the vault. A change deletes one secret and makes another."""

    version: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Number that says when the value is written: at the first deployment, and whenever the number grows. What others
    write into the vault meanwhile stays."""

    @property
    def variable(self) -> str:
        """The Terraform variable of its value, which comes as `TF_VAR_<variable>`."""
        return f"vault_secret_{self.name.lower().replace('-', '_')}"
