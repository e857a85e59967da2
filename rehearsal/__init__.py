"""The real Terraform on the synthesised stacks, with no cloud and no network."""
