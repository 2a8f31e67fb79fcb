"""Adafruit's driver on a terminal, played by its arguments: `PATH CALL...`; a line for what each call gave."""

import sys
from types import ModuleType

import serial

_BOARD = {  # wanted at its import, for pins that are not used here
    "busio": {"UART": object},
    "circuitpython_typing": {"ReadableBuffer": bytes},
    "digitalio": {"DigitalInOut": object, "Direction": object},
    "micropython": {"const": lambda value: value},
}
for module, names in _BOARD.items():
    sys.modules[module] = ModuleType(module)
    vars(sys.modules[module]).update(names)

from adafruit_pn532.uart import PN532_UART  # noqa: E402


class Player:
    def __init__(self, path):
        self.chip = PN532_UART(serial.Serial(path, baudrate=115_200, timeout=0.2))
        self.number = None

    def firmware(self):
        return bytes(self.chip.firmware_version).hex()

    def find(self):
        self.number = self.chip.read_passive_target(timeout=1)
        return self.number and self.number.hex()

    def read(self, page):
        return self.chip.ntag2xx_read_block(int(page)).hex()

    def write(self, page, content):
        return self.chip.ntag2xx_write_block(int(page), bytes.fromhex(content))

    def open(self, block, key):
        return self.chip.mifare_classic_authenticate_block(self.number, int(block), 0x60, bytes.fromhex(key))

    def get(self, block):
        return self.chip.mifare_classic_read_block(int(block)).hex()

    def put(self, block, content):
        return self.chip.mifare_classic_write_block(int(block), bytes.fromhex(content))


player = Player(sys.argv[1])
for name, *arguments in map(str.split, sys.argv[2:]):
    sys.stdout.write(f"{getattr(player, name)(*arguments)}\n")
