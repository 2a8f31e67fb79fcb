"""What the oracle is given, as the world writes it down: plain JSON, of which each part takes what it judges."""

from collections.abc import Mapping
from typing import Any

PlainDay = Mapping[str, Any]
PlainWall = Mapping[str, Any]
PlainRecord = Mapping[str, Any]
