"""How versions of the program follow each other."""

import re


def rank(version: str) -> list[tuple[int, str]]:
    """What versions are compared by; a part in letters comes before any number."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+-]", version)]
