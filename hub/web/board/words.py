"""What the board says of many stations at once, in Chinese as it was written; the catalogues translate it."""

from hub.web.kit.words import Gettext, _
from hub.web.live.screen import CityNotice


def title_of(vacant: int, city: str, gettext: Gettext) -> str:
    """Say what the browser's tab says: how many stations are vacant, then whose board it is."""
    return gettext(_("({n} 无人) {city}")).format(n=vacant, city=city) if vacant else f"{city} · {gettext('在岗')}"


def unknown_words(notice: CityNotice, gettext: Gettext) -> str:
    """Say that many stations are unknown, and what that usually means."""
    if notice.unknown * 2 >= notice.of:  # half of what is open is no coincidence
        shared = _("{n} 站失联，可能是中心网络故障") if notice.is_wide else _("{n} 站失联，可能是它们共用的网络故障")
        return gettext(shared).format(n=notice.unknown)
    return gettext(_("{n} 站失联，请查这些站点的网络和电源")).format(n=notice.unknown)
