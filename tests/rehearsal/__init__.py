"""The real Terraform core on the synthesised stacks, with no cloud and no network."""
