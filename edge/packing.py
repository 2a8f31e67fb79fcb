"""A journal message from records as the disk has them: already JSON, so they are laid side by side, not built anew.

Between a card and its beep the network's thread must not compute for long; building 200 records took it 5 ms.
"""

from collections.abc import Iterable
from typing import Final

from station.wire.codec import encode
from station.wire.messages import MAX_JOURNAL_BYTES, Journal

_END: Final = b"]}"
_OPEN: Final = b'"records":[' + _END  # how a journal message without records ends


def pack(head: Journal, texts: Iterable[str], most_bytes: int = MAX_JOURNAL_BYTES) -> tuple[bytes, int]:
    """Put records into an empty message: as many as it holds, in order, and at least one.

    Returns:
        The message's bytes, and the last seq in it.
    """
    opened = encode(head)
    assert opened.endswith(_OPEN)
    room = most_bytes - len(opened)
    chosen: list[bytes] = []
    for text in texts:
        payload = text.encode()
        room -= len(payload) + 1
        if chosen and room < 0:
            break
        chosen.append(payload)
    return opened.removesuffix(_END) + b",".join(chosen) + _END, head.first - 1 + len(chosen)
