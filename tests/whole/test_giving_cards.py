"""办卡 by holding a card to a kiosk, over a real broker: whose it then is, and what becomes of one that cannot be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from devices.signals import Signal
from hub.asking.asked import AskedCommand, CommandOutcome
from hub.asking.giving_cards import LOSE, READ_CARD
from hub.database.journal_tables import JournalRecord
from hub.database.people_tables import CardRow, Holding, Loss
from hub.database.transactions import reading
from tests.edge.rig import PHONE, card, token
from tests.hub.running import until
from tests.hub.whole.conftest import broker_port, clock, folder, hub
from tests.patience import eventually
from tests.whole.test_commands import Asking, asking, kiosk

if TYPE_CHECKING:
    from devices.card import Card
    from tests.whole.wired_kiosk import WiredKiosk

pytestmark = pytest.mark.broker
__all__ = ["asking", "broker_port", "clock", "folder", "hub", "kiosk"]


def give(asking: Asking, kiosk: WiredKiosk, person: str, held: Card, **more: str) -> AskedCommand:
    """Ask for it, hold that card there once it is awaited, and wait for what came of it."""
    said = len(kiosk.beeps.said)
    asked = asking.ask(READ_CARD, person=person, name="李*", **more)
    assert eventually(lambda: Signal.CARD_WANTED in kiosk.beeps.signals[said:])
    kiosk.reader.put(held)
    found = asking.ends(asked)
    kiosk.reader.take()
    return found


def holders(asking: Asking, number: int) -> list[str]:
    with reading(asking._engine) as connection:
        where = Holding.token == token(number), Holding.until_ms.is_(None)  # type: ignore[union-attr]
        return list(connection.execute(select(Holding.person).where(*where)).scalars())


def taps(asking: Asking) -> int:
    with reading(asking._engine) as connection:
        return len(list(connection.execute(select(JournalRecord).where(JournalRecord.kind == "tap"))))


def test_a_new_card_is_theirs_and_both_sides_say_so_and_it_was_no_tap(asking: Asking, kiosk: WiredKiosk) -> None:
    found = give(asking, kiosk, "p2", card(21))

    assert (found.outcome, dict(found.found)) == (CommandOutcome.DONE, {"given": token(21)[:8]})
    assert holders(asking, 21) == ["p2"]
    until(lambda: any(lines[0].startswith("办好了") for _signal, lines in kiosk.beeps.said))
    assert taps(asking) == 0


def test_a_card_of_somebody_else_stays_theirs(asking: Asking, kiosk: WiredKiosk) -> None:
    give(asking, kiosk, "p2", card(21))

    found = give(asking, kiosk, "p3", card(21))

    assert (found.outcome, found.said) == (CommandOutcome.REFUSED, "others")
    assert holders(asking, 21) == ["p2"]


def test_a_telephone_changes_nothing(asking: Asking, kiosk: WiredKiosk) -> None:
    with reading(asking._engine) as connection:
        before = len(list(connection.execute(select(CardRow))))

    found = give(asking, kiosk, "p2", PHONE)

    assert (found.outcome, found.said) == (CommandOutcome.REFUSED, "random_number")
    with reading(asking._engine) as connection:
        assert len(list(connection.execute(select(CardRow)))) == before


def test_a_second_card_takes_the_place_of_the_first_which_is_lost_then(asking: Asking, kiosk: WiredKiosk) -> None:
    give(asking, kiosk, "p2", card(21))

    give(asking, kiosk, "p2", card(22), **{LOSE: "1"})

    assert holders(asking, 22) == ["p2"]
    with reading(asking._engine) as connection:
        lost = set(connection.execute(select(Loss.token)).scalars())
    assert token(21) in lost
    assert token(22) not in lost
    assert give(asking, kiosk, "p3", card(21)).said == "lost"
