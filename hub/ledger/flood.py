"""How long a flood of records has been coming: the keeper lets it pass, for a while. Pure."""

from dataclasses import dataclass
from typing import Final

FLOOD_A_S: Final = 200  # records; a thousand stations at eight in the morning send some ten
LOOK_S: Final = 1.0  # what comes within it is no flood yet


@dataclass(slots=True)
class Flood:
    """Looks now and then at a count that only rises; seconds are the caller's."""

    looked_s: float
    count: int = 0
    since_s: float | None = None

    def lasted_s(self, count: int, now_s: float) -> float:
        """For how long it has been coming; 0 where none is."""
        passed_s = now_s - self.looked_s
        if passed_s >= LOOK_S:
            is_flood = count - self.count >= FLOOD_A_S * passed_s
            self.since_s = (self.looked_s if self.since_s is None else self.since_s) if is_flood else None
            self.looked_s, self.count = now_s, count
        return 0.0 if self.since_s is None else now_s - self.since_s
