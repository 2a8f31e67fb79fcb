"""All kinds of command, by name: what the hub does with an answer is looked up here."""

from typing import Final

from hub.asking.configuring import CONFIG
from hub.asking.giving_cards import READ_CARD
from hub.asking.giving_keys import SITE_KEY
from hub.asking.kinds import COLLECT, COMMISSION, IDENTIFY, RESTART, UPDATE, CommandKind
from hub.asking.renewing import CERTIFICATE, RENEW

KINDS: Final[dict[str, CommandKind]] = {
    kind.name: kind
    for kind in (IDENTIFY, RESTART, COLLECT, RENEW, CERTIFICATE, CONFIG, READ_CARD, COMMISSION, UPDATE, SITE_KEY)
}
