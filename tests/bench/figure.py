"""One line of the table: what was measured, against what, and what is wanted of their ratio."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measurement and its target.

    Attributes:
        measured: in `unit`.
        reference: the limit measured in the same run, or a fixed one, in `unit`.
        wanted: of measured / reference; at least, or at most where `at_most`.
    """

    name: str
    measured: float
    reference: float
    unit: str
    wanted: float
    at_most: bool = False

    @property
    def ratio(self) -> float:
        """Measured over reference."""
        return self.measured / self.reference

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.ratio <= self.wanted if self.at_most else self.ratio >= self.wanted

    def line(self) -> str:
        """As the table has it."""
        sign = "<=" if self.at_most else ">="
        verdict = "met" if self.is_met else "MISSED"
        return (
            f"{self.name:<52}{self.measured:>12,.2f}{self.reference:>12,.2f} {self.unit:<7}"
            f"{self.ratio:>7.2f}  {sign} {self.wanted:<5g} {verdict}"
        )


def percentile(values: list[float], share: float) -> float:
    """The value that so large a share of all is not above."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
