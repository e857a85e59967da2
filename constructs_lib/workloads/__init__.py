"""What runs inside Kubernetes, as whom, and with whom it may speak."""
