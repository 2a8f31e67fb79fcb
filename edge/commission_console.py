"""`zaigang-edge commission`: asks the running agent for it, and says at the console what lamp and buzzer say.

The agent does the work; this one may end meanwhile, as it does where power goes, and be called again.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.commission_steps import CHECKS_ZH, DONE, STEPS
from edge.commissioning import FILE, CommissionProgress, read_progress
from edge.data_dir import is_held
from edge.errors import DataPlaceError
from station.commission_words import found_in_chinese
from station.saying import say

LOOK_EVERY_S: Final = 0.5


def follow(data_dir: Path, by: str) -> Iterator[str]:
    """Ask for it, where none is under way, and give what is to be said.

    Raises:
        DataPlaceError: no agent runs there.
        OSError: it cannot be asked for.
    """
    if not is_held(data_dir):
        raise DataPlaceError(
            say("no agent is at work on {data_dir}; first: systemctl start zaigang-edge", data_dir=data_dir)
        )
    path = data_dir / FILE
    progress = read_progress(path)
    if progress is None or progress.ended_at:
        _ask(path, by)
    said = -1
    while True:
        progress = read_progress(path)
        if progress is None:
            return
        if progress.ended_at and progress.letter:
            yield from _result(progress)
            return
        if progress.begun_at and progress.step != said:
            said = progress.step
            asks = STEPS[said].asks
            yield "，".join(part for part in (asks.first, asks.second) if part)
        time.sleep(LOOK_EVERY_S)


def _result(progress: CommissionProgress) -> Iterator[str]:
    for check in progress.checks:
        mark = "正常" if check["is_well"] else "错误"
        yield f"{mark}  {CHECKS_ZH.get(check['what'], check['what'])}：{found_in_chinese(check['what'], check['text'])}"
    yield progress.trouble or DONE.first


def _ask(path: Path, by: str) -> None:
    part = path.with_name(f"{FILE}.asked")
    part.write_text(json.dumps({"by": by}, ensure_ascii=False))
    if os.geteuid() == 0:
        owner = path.parent.stat()
        shutil.chown(part, owner.st_uid, owner.st_gid)
    part.replace(path)
