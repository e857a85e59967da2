"""What README and docs tell people to type is what the tools take."""
