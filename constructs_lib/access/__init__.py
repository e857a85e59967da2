"""How people reach the private networks: Bastion and the jump box."""
