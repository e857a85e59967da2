"""AKS: the cluster, its node pools, its identities."""
