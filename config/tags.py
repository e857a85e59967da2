"""Settings of the tags that every resource carries: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations."""

from typing import Annotated

from pydantic import Field

from config.types import Settings, TagText, Text

OWN_TAGS = 6
MOST_TAGS = 15
"""Of a private DNS zone, and of its records; other resources take 50."""

TagName = Annotated[
    str,
    Text(
        r"[A-Za-z][A-Za-z0-9._-]{0,127}",
        "at most 128 letters, digits, dots, hyphens and underscores, with a letter first, as DNS zones and storage "
        "accounts take them",
    ),
]
"""A tag's name that every resource takes."""

ForeignTagName = Annotated[
    str,
    Text(
        r"""(?! )[^\x00-\x1f\x7f-\x9f<>%&\\?/"'${}]{1,512}(?<! )""",
        "at most 512 characters in one line, none of them one of <>%&\\?/, a quotation mark, $ or a brace",
    ),
]
"""A tag's name that some resources take."""


class MoreTagSettings(Settings):
    """A tag that every resource of the environment carries besides."""

    name: TagName
    """Its name; Azure takes names that differ in upper and lower case alone for one."""

    value: TagText
    """Its value, which is no secret: it stands in cost reports and logs."""


class TagSettings(Settings):
    """Tags of every resource, besides those that the product sets itself."""

    owner: TagText
    """Team that answers for the environment."""

    cost_center: TagText
    """Account that pays for it."""

    data_classification: TagText
    """The most sensitive data that it may hold."""

    more: Annotated[tuple[MoreTagSettings, ...], Field(max_length=MOST_TAGS - OWN_TAGS)] = ()
    """Further tags, such as those that your policies demand."""

    managed_by_others: Annotated[tuple[ForeignTagName, ...], Field(max_length=50 - MOST_TAGS)] = ()
    """Names of tags that policies, or people, set on these resources: a plan takes none of them away and changes none.
    Write them as Azure shows them, upper and lower case too."""

    def of_every_resource(self, *, workload: str, environment: str) -> dict[str, str]:
        """Names and values of all tags that are written."""
        own = {
            "workload": workload,
            "environment": environment,
            "owner": self.owner,
            "cost-center": self.cost_center,
            "data-classification": self.data_classification,
            "managed-by": "cdktf",
        }
        return own | {tag.name: tag.value for tag in self.more}
