"""Ports, by what answers at them."""

DNS = 53
HTTP = 80
HTTPS = 443
RDP = 3389
SQL = 1433
SSH = 22
