"""What leads to the workloads: load balancers inside, web application firewalls outside."""
