"""How long what the hub gives a kiosk is good; both reckon by it."""

from datetime import timedelta
from typing import Final

OF_KIOSK: Final = timedelta(days=2 * 365)
"""Its certificate, from when it was signed; where it begins it does not say (1970)."""
