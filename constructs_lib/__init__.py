"""Constructs that each give one Azure or Kubernetes idea its secure form, and the helper that names them."""
