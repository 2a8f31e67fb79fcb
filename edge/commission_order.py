"""The command `commission`, and the signing of its record: on the network's thread, where nobody waits for a beep."""

import json
import logging
from typing import Any, Final

from edge.commands import Doer, Order
from edge.commissioning import Commission, CommissionProgress
from edge.config import EdgeConfig
from edge.errors import KeyFileError
from edge.identities import Identities
from edge.signing import Signer
from station.commissioned import KIND
from station.letter import write_letter

_log = logging.getLogger(__name__)
NAME: Final = "commission"


class Commissioning(Doer):
    """Begins it, and answers with its record; one that nobody has fetched yet is answered with at once."""

    def __init__(self, commission: Commission, config: EdgeConfig, identities: Identities, version: str) -> None:
        self._commission, self._config, self._version = commission, config, version
        self._identities = identities
        self._orders: list[Order] = []

    def begin(self, order: Order) -> None:
        """Lead whoever is there through it."""
        progress = self._commission.progress
        if order.args.get("again") or progress is None or progress.ended_at:
            if progress is None or order.args.get("again") or not progress.letter:
                self._commission.start(order.args.get("by", ""))
            else:
                self._answer(order, progress)
                return
        self._orders.append(order)

    def resume(self, order: Order) -> None:
        """It goes on after the power came back; so does its order."""
        self._orders.append(order)

    def tend(self) -> None:
        """Sign what has ended, and answer; call it now and then."""
        progress = self._commission.progress
        if progress is None or not progress.ended_at:
            return
        if not progress.letter:
            letter, trouble = self._sign(progress)
            self._commission.seal(letter, trouble)
        while self._orders:
            self._answer(self._orders.pop(), progress)

    def _answer(self, order: Order, progress: CommissionProgress) -> None:
        if progress.letter:
            order.done(progress.trouble, letter=progress.letter)
        else:
            order.refuse(progress.trouble)

    def _sign(self, progress: CommissionProgress) -> tuple[str, str]:
        said: dict[str, Any] = {
            "kiosk": self._config.kiosk, "station": self._config.station, "by": progress.by, "ok": not progress.trouble,
            "begun_at": progress.begun_at, "ended_at": progress.ended_at, "version": self._version,
            "steps": progress.done, "checks": progress.checks, "trouble": progress.trouble,
        }  # fmt: skip
        try:
            signer = Signer(self._identities.best())
            body = json.dumps(said, ensure_ascii=False).encode()
            return write_letter(KIND, signer.certificate, body, signer.sign).decode(), ""
        except KeyFileError as exc:
            _log.warning("the record of the commissioning is not signed: %s", exc)
            return "-", "本机没有证书，记录没有签名"
