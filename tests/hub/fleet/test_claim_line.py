"""From the sheet to a folder: the kiosk's installer asks a hub over TLS, and believes no other."""

from __future__ import annotations

import json
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest

from deploy.installing.commands import NotDone
from deploy.kiosk.installer.claiming import ClaimWish, claim, forget
from hub.certificates.cabinet import Cabinet
from hub.config import HttpConfig
from hub.fleet.claim_codes import ca_pin
from tests.hub.certificates.handshake import shake_hands
from tests.hub.fleet.claim_desk import KIOSK, ClaimDesk, a_request, not_the
from tests.hub.pages.board_source import FakeBoardSource
from tests.hub.pages.hub_under_test import HubUnderTest
from tests.patience import PATIENCE_S
from tests.standing_clock import last_noon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


class Site:
    """A hub that is served over TLS by the site's own certificate, and a kiosk's machine beside it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.now = last_noon().now()  # TLS reads the machine's clock
        self.desk = ClaimDesk(self.engine, folder, began_at=self.now)
        self.beside, self.into = folder / "bundle", folder / "setup" / "claimed"
        self.beside.mkdir()
        self.into.parent.mkdir()
        for name in ("install", "zaigang-kiosk-9.9.tar"):
            (self.beside / name).write_text(name)

    @contextmanager
    def served(self) -> Iterator[str]:
        own = self.desk.cabinet.broker_file, self.desk.cabinet.broker_key_file
        config = HttpConfig(host="127.0.0.1", port=0, certificate=own[0], private_key=own[1])
        with HubUnderTest(
            FakeBoardSource(), engine=self.engine, folder=self.folder, config=config, began_at=self.now
        ) as hub:
            self.port = hub.port
            yield f"127.0.0.1:{hub.port}"

    def claim(self, code: str, hub: str, *, ca: str = "", kiosk: str = KIOSK) -> Path:
        claim(ClaimWish(kiosk, code, hub, ca or self.pin), self.beside, self.into)
        return self.into

    @property
    def pin(self) -> str:
        return ca_pin(self.desk.cabinet.authority().certificate)

    def left(self) -> list[str]:
        return sorted(path.name for path in self.into.parent.rglob("*"))


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    return Site(engine, tmp_path)


@pytest.fixture
def hub(site: Site) -> Iterator[str]:
    with site.served() as address:
        yield address


def test_a_kiosk_asks_and_has_a_folder_as_from_a_stick(site: Site, hub: str) -> None:
    made = site.desk.make()

    folder = site.claim(f"{made.code[:4]}-{made.code[4:]}", hub, ca=made.pin)

    identity, cabinet = folder / "identity", site.desk.cabinet
    found = shake_hands(
        identity / "ca.crt", (cabinet.broker_file, cabinet.broker_key_file),
        (identity / "kiosk.crt", identity / "kiosk.key"), reached_as="localhost", revoked=cabinet.revoked_file,
    )  # fmt: skip
    assert found == KIOSK
    assert {path.name for path in folder.iterdir()} == {"identity", "install", "kiosk.toml", "zaigang-kiosk-9.9.tar"}
    assert (folder / "zaigang-kiosk-9.9.tar").read_text() == "zaigang-kiosk-9.9.tar"
    assert stat.S_IMODE((identity / "kiosk.key").stat().st_mode) == 0o600
    forget(folder)
    assert site.left() == []


def test_the_same_line_typed_again_at_once_gives_the_same_identity(site: Site, hub: str) -> None:
    made = site.desk.make()
    first = (site.claim(made.code, hub) / "identity" / "kiosk.crt").read_bytes()
    with pytest.raises(NotDone, match="not the code of this kiosk"):
        site.claim(not_the(made.code), hub)

    assert (site.claim(made.code, hub) / "identity" / "kiosk.crt").read_bytes() == first


def test_the_ca_may_come_as_a_file(site: Site, hub: str) -> None:
    made = site.desk.make()

    assert site.claim(made.code, hub, ca=str(site.desk.cabinet.certificate_file)).is_dir()


def test_what_the_hub_refuses_is_one_sentence_in_both_languages_and_leaves_nothing(site: Site, hub: str) -> None:
    made = site.desk.make()

    with pytest.raises(NotDone, match=r"认领码与终端不符.*；this is not the code of this kiosk") as caught:
        site.claim(not_the(made.code), hub)

    assert len(str(caught.value).splitlines()) == 1
    assert site.left() == []
    assert not site.desk.cabinet.identities(KIOSK)


def test_a_hub_of_another_ca_is_told_nothing(site: Site, hub: str, tmp_path: Path) -> None:
    made, other = site.desk.make(), Cabinet(tmp_path / "other")
    other.make("other", site.now)

    for ca in ("0123-4567-89ab-cdef-0123-4567-89ab-cdef", str(other.certificate_file)):
        with pytest.raises(NotDone, match="nothing was told to it"):
            site.claim(made.code, hub, ca=ca)
    assert not site.desk.cabinet.identities(KIOSK)


def test_a_hub_under_a_name_that_its_certificate_lacks_is_told_nothing(site: Site) -> None:
    made = site.desk.make()
    site.desk.cabinet.issue_broker(["elsewhere.example"], site.now)

    with site.served() as address, pytest.raises(NotDone, match="under that name; nothing was told to it"):
        site.claim(made.code, address)

    assert not site.desk.cabinet.identities(KIOSK)


def test_a_hub_that_does_not_answer_leaves_the_key_for_the_same_line_again(site: Site) -> None:
    made = site.desk.make()
    with site.served() as address:
        pass

    with pytest.raises(NotDone, match=r"does not answer .*; then type the same line again"):
        site.claim(made.code, address, ca=str(site.desk.cabinet.certificate_file))

    assert site.left() == ["claim.key"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("k1", "1234567", "hub", "0" * 32), "the code has 7 digits; wanted are 8"),
        (("k1", "1234567x", "hub", "0" * 32), "wanted are 8"),
        (("", "12345678", "", "0" * 32), "--kiosk and --hub must be given"),
        (("k1", "12345678", "hub", "0123"), "--ca is neither a file nor 32 hex digits"),
    ],
)
def test_what_was_not_typed_whole_is_said_before_anything_is_asked(typed: tuple[str, ...], said: str) -> None:
    with pytest.raises(NotDone, match=said):
        ClaimWish(*typed)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"[]", 400), (b"nonsense", 400), (b"[" * 5000, 400), (b'{"kiosk": 1}', 400),
        (b'{"kiosk": "a b", "code": "1", "request": "x"}', 400), (b"x" * 9000, 413), (b"\xff", 400),
        (b'{"kiosk": "k", "code": "\\ud800", "request": "x"}', 400),
    ],
)  # fmt: skip
def test_whatever_is_sent_is_answered(site: Site, hub: str, body: bytes, status: int) -> None:
    answer = httpx2.post(f"https://{hub}/claim", content=body, verify=False, trust_env=False, timeout=PATIENCE_S)

    assert answer.status_code == status
    assert answer.json()["detail"]


def test_codes_that_are_no_digits_are_wrong_and_no_failure(site: Site, hub: str) -> None:
    for code in ("", "一二三四五六七八", "\ud800", "x" * 4000):
        said = json.dumps({"kiosk": KIOSK, "code": code, "request": a_request()})
        answer = httpx2.post(f"https://{hub}/claim", content=said, verify=False, trust_env=False, timeout=PATIENCE_S)
        assert answer.status_code in {400, 403}, code


def test_an_answer_is_kept_by_nobody_on_the_way(site: Site, hub: str) -> None:
    said = json.dumps({"kiosk": KIOSK, "code": site.desk.make().code, "request": a_request()})

    answer = httpx2.post(f"https://{hub}/claim", content=said, verify=False, trust_env=False, timeout=PATIENCE_S)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
