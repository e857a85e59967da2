"""What Azure Policy holds the cluster and its services to, whoever changes them."""
