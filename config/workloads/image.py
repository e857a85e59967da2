"""How settings name an image."""

from typing import Annotated

from pydantic import AfterValidator

from config.types import Text

ImageRepository = Annotated[
    str,
    Text(
        # No registry's name, which the part before the first slash would be if it were that of a host.
        r"(?=.{1,200}$)(?!localhost/|[0-9.]*/|[^/]*\.(?:io|com|net|org|dev|us|cn|de|aws|local|internal)/)"
        r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*",
        "at most 200 lower-case letters and digits, parted by . _ __ - or /, without the name of a registry",
    ),
]
"""Repository in the environment's own registry."""


def _is_of_an_image(digest: str) -> str:
    if len(set(digest.removeprefix("sha256:"))) == 1:
        raise ValueError("is one digit 64 times, which is the digest of no image; give that of the image")
    return digest


ImageDigest = Annotated[
    str,
    Text(r"sha256:[0-9a-f]{64}", "'sha256:' and 64 lower-case hexadecimal digits"),
    AfterValidator(_is_of_an_image),
]
"""What an image is, byte for byte."""
