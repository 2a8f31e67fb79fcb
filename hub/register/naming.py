"""How a city wants its stations to be called (Changzhi 二.1, Pu'er 附件2 四 备注2), and the short form of such a name.

A name that breaks the rule is a finding, not a refusal: the sign may hang there already.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class NamingRule:
    """One city's rule; `wanted` says it in the notice's own words."""

    pattern: re.Pattern[str]
    wanted: str
    by_kind: tuple[tuple[str, re.Pattern[str], str], ...] = ()

    def broken_by(self, name: str, kind: str) -> str | None:
        """What the rule wants of a station of that kind, where the name is otherwise; None where it fits."""
        for code, pattern, wanted in self.by_kind:
            if code == kind:
                return None if pattern.fullmatch(name) else wanted
        return None if self.pattern.fullmatch(name) else self.wanted


NAMING_RULES: Final[dict[str, NamingRule]] = {
    "changzhi": NamingRule(
        re.compile(r"长治市.+新时代文明实践学雷锋志愿服务站"),
        "长治市×××（县区或单位）新时代文明实践学雷锋志愿服务站",
    ),
    "puer": NamingRule(
        re.compile(r".+学雷锋志愿服务点"),
        "×××学雷锋志愿服务点",
        by_kind=(
            (
                "community",
                re.compile(r".+社区(学雷锋志愿服务站|志愿者服务站)"),
                "×××社区学雷锋志愿服务站 或 ×××社区志愿者服务站",
            ),
        ),
    ),
}

NAMING_WORDS: Final = {"长治": "changzhi", "长治市": "changzhi", "普洱": "puer", "普洱市": "puer"}
_TAIL: Final = re.compile(r"(?<=.)(新时代文明实践)?(学雷锋)?(志愿服务站点|志愿服务站|志愿服务点|志愿者服务站)\Z")


def short_name_of(name: str) -> str:
    """The host alone, as a board has room for: without the words that every station's name ends with."""
    return _TAIL.sub("", name)
