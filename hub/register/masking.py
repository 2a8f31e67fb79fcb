"""A person's name as a kiosk may show it: surname and last character, `王*芳`. Pure.

The full name stays in the hub's database; whatever leaves it goes through `mask_name`.
"""

import unicodedata
from typing import Final

_STAR: Final = "*"
_SHORT: Final = 2
_DOTS: Final = "·•・‧"  # what parts names such as those of minorities, in the spellings that are typed


def mask_name(full_name: str) -> str:
    """Mask a name; empty stays empty.

    `王芳` is `王*`, `王小芳` and `欧阳小芳` are `王*芳` and `欧*芳`. A name of several words or parts, as `Li Ming`
    or `买买提·艾力`, keeps the first character of the first part and the last of the last. One star whatever
    the length, so that it does not tell how long the name is.
    """
    letters = [c for c in unicodedata.normalize("NFC", full_name) if not c.isspace() and c not in _DOTS]
    if not letters:
        return ""
    first = letters[0]
    return f"{first}{_STAR}" if len(letters) <= _SHORT else f"{first}{_STAR}{letters[-1]}"
