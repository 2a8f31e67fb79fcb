"""One look's result, in Chinese and in English."""

from dataclasses import dataclass
from enum import Enum


class Soundness(Enum):
    """How it stands: what is WRONG keeps the hub or kiosks from their work, or will."""

    WELL = "好", "ok"
    MIND = "注意", "mind"
    WRONG = "不对", "WRONG"


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at, and what a person does about it, if anything."""

    what: tuple[str, str]
    verdict: Soundness
    chinese: str
    english: str

    def line(self, *, is_chinese: bool) -> str:
        """As a person reads it."""
        language = 0 if is_chinese else 1
        return f"{self.verdict.value[language]}  {self.what[language]}: {(self.chinese, self.english)[language]}"
