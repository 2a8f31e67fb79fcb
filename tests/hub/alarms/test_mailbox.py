"""Mail, to a server on loopback that speaks as much SMTP as is needed."""

from __future__ import annotations

import email
import email.policy
import socketserver
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from hub.alarms.answers import said_answer
from hub.alarms.channel import AlarmMessage
from hub.alarms.mailbox import Mailbox, said_of
from hub.saying import tell
from hub.web.system.channel_words import answer_words
from station.alarms import Lack, What
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 5, 1, 12, tzinfo=UTC)
VACANT = AlarmMessage(7, What.RAISED, Lack.VACANT, station="城东", on_duty=0, wanted=1, since=NOW)


@contextmanager
def mail_server(to_data: bytes = b"250 ok", **answers: bytes | None) -> Iterator[tuple[int, list[bytes]]]:
    """Answers verbs as it is said: b"" hangs up, None says nothing until the server goes; `hello` as the first line."""
    mails: list[bytes] = []
    going = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if self.says(answers.get("hello", b"220 here")):
                while line := self.rfile.readline().strip().upper():
                    verb = line.split()[0].decode().lower()
                    if verb == "data":
                        self.says(b"354 go on")
                        mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                        self.says(to_data)
                    elif not self.says(answers.get(verb, b"221 bye" if verb == "quit" else b"250 ok")):
                        return

        def says(self, answer: bytes | None) -> bool:
            if answer is None:
                going.wait(2 * PATIENCE_S)
            if answer:
                with suppress(OSError):  # who asked may have gone
                    self.wfile.write(answer + b"\r\n")
            return bool(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="mail server")
        thread.start()
        try:
            yield server.server_address[1], mails
        finally:
            going.set()
            server.shutdown()
            thread.join()


def mailbox(port: int, scheme: str = "smtp", user: str = "", timeout_s: float = PATIENCE_S) -> Mailbox:
    url = f"{scheme}://{user}127.0.0.1:{port}?from=hub@example.cn&to=office@example.cn"
    return Mailbox(url, "made-up" if user else "", ZoneInfo("Asia/Shanghai"), timeout_s=timeout_s)


def test_a_mail_says_it_in_chinese() -> None:
    with mail_server() as (port, mails):
        answer = mailbox(port).send([VACANT], NOW)

    mail = email.message_from_bytes(mails[0], policy=email.policy.default)
    assert answer.is_taken
    assert (mail["To"], mail["Subject"]) == ("office@example.cn", "【在岗】1 条提醒")
    assert mail.get_body().get_content().strip() == "【在岗】城东：09:12 起无人在岗，在岗 0 人，最低 1 人"


REFUSES_ALL = b"535 5.7.8 office@example.cn"
LOGIN = b"250-here\r\n250 AUTH PLAIN LOGIN"


@pytest.mark.parametrize(
    ("answers", "asked", "text", "told"),
    [
        ({"to_data": b"554 spam: office@example.cn"}, {}, "the mail server refuses: 554", "邮件服务器拒绝（554）"),
        ({"to_data": b"451 later"}, {}, "the mail server refuses: 451", "请稍后再试"),
        ({"mail": b"553 who"}, {}, "the mail server refuses the sender: 553", "请核对地址里的 from="),
        ({"rcpt": b"550 no office"}, {}, "the mail server refuses the addressee: 550", "请核对地址里的 to="),
        (
            {"ehlo": LOGIN, "auth": REFUSES_ALL}, {"user": "hub@"},
            "the mail server refuses user or password: 535", "要填授权码",
        ),
        ({}, {"user": "hub@"}, "the mail server takes no password there", "请试 smtps://"),
        ({"rcpt": b""}, {}, "the mail server hangs up", "断开了连接"),
        ({}, {"scheme": "smtps"}, "the mail server speaks no TLS there", "smtps:// 一般用 465"),
        ({"hello": b"554 not you"}, {}, "the mail server refuses: 554", "邮件服务器拒绝（554）"),
    ],
)  # fmt: skip
def test_a_mail_server_that_refuses_says_what_to_look_at(
    answers: dict[str, bytes], asked: dict[str, str], text: str, told: str
) -> None:
    with mail_server(**answers) as (port, _):
        answer = mailbox(port, **asked).send([VACANT], NOW)  # type: ignore[arg-type]

    assert answer == (False, text)
    assert told in answer_words(text, str)
    assert told in tell(said_answer(text), is_chinese=True)


def test_no_password_goes_elsewhere_without_tls() -> None:
    with mail_server(ehlo=LOGIN, auth=b"235 come in") as (port, mails):
        here = mailbox(port, user="hub@")
        elsewhere = replace(here, url=here.url.replace("127.0.0.1", "0.0.0.0"))  # this machine by an address of none
        without = replace(elsewhere, secret="")
        answers = [one.send([VACANT], NOW) for one in (here, elsewhere, without)]

    text = "the password is not sent without TLS"
    assert [(one.is_taken, one.text) for one in answers[1:]] == [(False, text), (True, "the mail server has it")]
    assert answers[0].is_taken
    assert len(mails) == 2
    assert "密码没有发出" in answer_words(text, str)
    assert "密码没有发出" in tell(said_answer(text), is_chinese=True)


@pytest.mark.parametrize("answer", [b"", b"421 late"])
def test_a_mail_that_was_taken_is_taken_however_the_server_takes_leave(answer: bytes) -> None:
    with mail_server(quit=answer) as (port, mails):
        assert mailbox(port).send([VACANT], NOW).is_taken

    assert len(mails) == 1


@pytest.mark.parametrize("verb", ["hello", "ehlo", "rcpt"])
def test_a_mail_server_that_hangs_is_said_not_to_answer(verb: str) -> None:
    with mail_server(**{verb: None}) as (port, _):  # type: ignore[arg-type]
        assert mailbox(port, timeout_s=0.5).send([VACANT], NOW) == (False, "no answer within 0.5 s")


def test_a_mail_server_that_is_not_there_is_an_answer() -> None:
    with mail_server() as (port, _):
        pass

    assert mailbox(port).send([VACANT], NOW) == (False, "not reached: Connection refused")


def test_a_certificate_that_nobody_trusts_is_said() -> None:
    wrong = ssl.SSLCertVerificationError(1, "verify failed")
    wrong.verify_message = "self-signed certificate"

    assert said_of(wrong, 8.0) == "the mail server's certificate is not trusted: self-signed certificate"
    assert "请核对主机名" in answer_words(said_of(wrong, 8.0), str)
