"""The reader without a chip keeps the readers' contract."""

from __future__ import annotations

import pytest

from devices.card import Card
from simulator.scripted_reader import ScriptedReader
from tests.devices.reader_contract import ReaderContract, Rig


class TestTheScriptedReader(ReaderContract):
    @pytest.fixture
    def rig(self):
        reader = ScriptedReader()
        return Rig(reader, lambda number: reader.put(Card("iso14443a", number, "type2")), reader.take, reader.unplug)
