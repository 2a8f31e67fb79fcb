"""Mail, to a server on loopback that speaks as much SMTP as is needed."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hub.alarms.channel import AlarmMessage
from hub.alarms.mailbox import Mailbox
from station.alarms import Lack, What

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 5, 1, 12, tzinfo=UTC)
VACANT = AlarmMessage(7, What.RAISED, Lack.VACANT, station="城东", on_duty=0, wanted=1, since=NOW)


@contextmanager
def mail_server(to_data: bytes = b"250 ok") -> Iterator[tuple[int, list[bytes]]]:
    mails: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline().strip().upper():
                if line == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self.wfile.write(to_data + b"\r\n")
                else:
                    self.wfile.write(b"221 bye\r\n" if line == b"QUIT" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="mail server")
        thread.start()
        yield server.server_address[1], mails
        server.shutdown()
        thread.join()


def mailbox(port: int) -> Mailbox:
    url = f"smtp://127.0.0.1:{port}?from=hub@example.cn&to=office@example.cn"
    return Mailbox(url, "", ZoneInfo("Asia/Shanghai"), timeout_s=2.0)


def test_a_mail_says_it_in_chinese() -> None:
    with mail_server() as (port, mails):
        answer = mailbox(port).send([VACANT], NOW)

    mail = email.message_from_bytes(mails[0], policy=email.policy.default)
    assert answer.is_taken
    assert (mail["To"], mail["Subject"]) == ("office@example.cn", "【在岗】1 条提醒")
    assert mail.get_body().get_content().strip() == "【在岗】城东：09:12 起无人在岗，在岗 0 人，最低 1 人"


def test_a_mail_server_that_refuses_or_is_not_there_is_an_answer() -> None:
    with mail_server(b"554 spam: office@example.cn") as (port, _):
        assert mailbox(port).send([VACANT], NOW) == (False, "the mail server refuses: 554")

    assert mailbox(port).send([VACANT], NOW) == (False, "the mail server does not take it: ConnectionRefusedError")
