"""pn532pi's driver on a terminal, played by its arguments: `PATH CALL...`; a line for what each call gave."""

import sys
from types import ModuleType

import serial

sys.modules["spidev"] = ModuleType("spidev")  # wanted at its import, for a bus that is not used here
sys.modules["spidev"].SpiDev = object

from pn532pi import Pn532, pn532  # noqa: E402
from pn532pi.interfaces import pn532hsu  # noqa: E402

pn532hsu.PN532_ACK_WAIT_TIME = 5_000  # of 10 ms, which a busy machine may need for itself


class Line(pn532hsu.Pn532Hsu):
    """Its serial line, at any path."""

    def __init__(self, path):
        self._serial = serial.Serial(path, baudrate=115_200)
        self.command = 0

    def begin(self):
        """The line is open."""


class Player:
    def __init__(self, path):
        self.chip = Pn532(Line(path))
        self.chip.begin()
        self.number = bytearray()

    def firmware(self):
        return f"{self.chip.getFirmwareVersion():08x}"

    def find(self):
        self.chip.SAMConfig()
        found, self.number = self.chip.readPassiveTargetID(pn532.PN532_MIFARE_ISO14443A_106KBPS, inlist=True)
        return self.number.hex() if found else None

    def read(self, page):
        return self.chip.mifareultralight_ReadPage(int(page))[1].hex()

    def write(self, page, content):
        return self.chip.mifareultralight_WritePage(int(page), bytearray.fromhex(content))

    def open(self, block, key):
        return self.chip.mifareclassic_AuthenticateBlock(self.number, int(block), 0, bytearray.fromhex(key))

    def get(self, block):
        return self.chip.mifareclassic_ReadDataBlock(int(block))[1].hex()

    def put(self, block, content):
        return self.chip.mifareclassic_WriteDataBlock(int(block), bytearray.fromhex(content))

    def apdu(self, content):
        return self.chip.inDataExchange(bytearray.fromhex(content))[1].hex()


player = Player(sys.argv[1])
for name, *arguments in map(str.split, sys.argv[2:]):
    sys.stdout.write(f"{getattr(player, name)(*arguments)}\n")
