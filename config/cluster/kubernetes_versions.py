"""Minor versions of Kubernetes that the platform is made for, and the last day on which AKS supports each.

https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#aks-kubernetes-release-calendar (2026-08-05).
A version that came after is named under `[[accept]]`.
"""

from datetime import date

END_OF_SUPPORT = {
    "1.34": date(2026, 11, 30),
    "1.35": date(2027, 3, 31),
    "1.36": date(2027, 6, 30),
}

# In the Premium tier.
END_OF_LONG_TERM_SUPPORT = {
    "1.34": date(2027, 11, 30),
    "1.35": date(2028, 3, 31),
    "1.36": date(2028, 6, 30),
}
