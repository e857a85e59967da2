"""The four stacks of an environment; each is one Terraform state, one blast radius and one set of credentials."""
