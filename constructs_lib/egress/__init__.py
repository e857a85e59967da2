"""The ways out: the firewall and its rules, the route to it, NAT gateways."""
