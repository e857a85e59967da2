"""What lies between machines: networks, subnets, who reaches what in them, private endpoints and their names."""
