"""Which Terraform and which provider run the synthesised stacks; requirements.txt pins the bindings that write them."""

# Write-only arguments and ephemeral values, which keep secrets out of the state, need 1.11.
TERRAFORM_VERSION = ">= 1.11.0"

# The bindings were generated from 4.55 and pin it. Azure retires the Key Vault API that 4.55 speaks on 27 February
# 2027; 4.81, the last 4.x, speaks the new one and still takes every argument of 4.55.
# https://learn.microsoft.com/azure/key-vault/general/access-control-default
AZURERM_VERSION = "~> 4.81"
