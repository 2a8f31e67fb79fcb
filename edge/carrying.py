"""What a stick named ZAIGANG-OUT gets: the records that are not settled, and the record of the commissioning.

The unit that mounts it leaves the mark for the agent's beep (`edge.stick`) once it is safe to pull it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from edge.commissioning import FILE, read_progress
from edge.config import EdgeConfig
from edge.exporting import export
from edge.journal_schema import sync_directory
from station.commissioned import SUFFIX


def carry(config: EdgeConfig, folder: Path) -> Iterator[Path]:
    """Write them; gives what was written.

    Raises:
        KeyFileError: this kiosk has no key to sign by.
        JournalError: the journal cannot be read.
        OSError: the stick takes nothing.
    """
    yield export(config, folder).path
    progress = read_progress(config.data_dir / FILE)
    if progress is not None and len(progress.letter) > 1:
        path = folder / f"{config.kiosk}{SUFFIX}"
        path.write_text(progress.letter)
        yield path
    sync_directory(folder)
    os.sync()
