"""What is typed behind an installer's name, and what is said where it is typed wrongly, in the terminal's language.

As `station.parser` has it, by a table of the installers' own: they run before there is any of our program.
"""

import argparse
import sys
from typing import Final, NoReturn

from deploy.installing.chinese import in_chinese, is_chinese

EXIT_USAGE: Final = 2  # as argparse itself has it
_HEADINGS: Final = {
    "usage: ": "用法：", "\noptions:\n": "\n选项：\n", "show this help message and exit": "显示这段说明",
}  # fmt: skip


class InstallParser(argparse.ArgumentParser):
    """An installer's."""

    def format_help(self) -> str:
        """What it takes and what for."""
        said = super().format_help()
        for english, chinese in _HEADINGS.items() if is_chinese() else ():
            said = said.replace(english, chinese, 1)
        return said

    def error(self, message: str) -> NoReturn:
        """What was typed wrongly; argparse's own way out."""
        if not is_chinese():
            super().error(message)
        usage = self.format_usage().removeprefix("usage: ")
        self._print_message(f"用法：{usage}{self.prog}：{in_chinese(message)}\n", sys.stderr)
        sys.exit(EXIT_USAGE)
