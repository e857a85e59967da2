"""What tags demand of each other."""

from collections.abc import Iterator

from config.rules.registration import Problem, rule
from config.tags import TagSettings

# https://learn.microsoft.com/rest/api/resources/tags/create-or-update
_AZURES_OWN = ("microsoft", "azure", "windows")


@rule("tags")
def _tags_have_names_of_their_own(tags: TagSettings) -> Iterator[Problem]:
    own = tags.model_copy(update={"more": ()}).of_every_resource(workload="", environment="")
    taken = dict.fromkeys(own, "the product sets it itself")
    for index, tag in enumerate(tags.more):
        path, name = f"tags.more.{index}.name", tag.name.lower()
        if name.startswith(_AZURES_OWN):
            yield Problem(path, f'"{tag.name}" begins with a word that Azure keeps to itself; choose another name')
        elif name in taken:
            yield Problem(path, f'"{tag.name}" cannot be set here: {taken[name]}; remove one of the two')
        taken.setdefault(name, "it stands in the list already")
    for index, foreign in enumerate(tags.managed_by_others):
        if why := taken.get(foreign.lower()):
            yield Problem(
                f"tags.managed_by_others.{index}",
                f'"{foreign}" cannot be left to others: {why}; remove one of the two',
            )
        taken.setdefault(foreign.lower(), "it stands in the list already")
