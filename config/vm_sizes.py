"""Sizes of virtual machines."""

from typing import Annotated

from config.types import Text

VmSize = Annotated[
    str,
    Text(
        r"Standard_(D(2|4|8|16|32|48|64|96)(ds_v[456]|ads_v[56]|lds_v[56]|alds_v6)"
        r"|E(2|4|8|16|20|32|48|64|96)(ds_v[456]|ads_v[56]|bds_v[56]))",
        "a D or E size with a local disk (a 'd' after the number), generation 4 to 6, such as 'Standard_D4ds_v5'",
    ),
]
"""Size of a node. The families are those whose local disk grows with the virtual processors, so that its size is known;
Arm sizes ('p') are left out because images are built for x86, confidential ones ('C') until they are supported."""

VmSizeName = Annotated[
    str,
    Text(
        r"Standard_[A-Z]+[0-9]+(-[0-9]+)?[a-oq-z]*(_v[0-9]+)?",
        "a virtual machine size with x86 processors (no 'p' after the number), such as 'Standard_D2s_v5'",
    ),
]
"""Size of a machine that is no node."""
