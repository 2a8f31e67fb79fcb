"""Names of things in a page, as ids that need no escaping."""

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def dom_id(text: str) -> str:
    """Return a text as part of an id that needs no escaping in a selector; different texts stay different."""
    return re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", text)
