"""Constructs that each give one Azure or Kubernetes idea its secure form, and the rules and names that they follow."""
