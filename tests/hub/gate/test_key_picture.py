"""The picture by which an authenticator is set up: read again module by module, it says what the typed key does."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import segno

from hub.accounts.accounts import LONGEST_NAME
from hub.rights import Grant, Role
from hub.web.signing_in.key_picture import MODULE_PX, QUIET_ZONE, draw_address
from tests.hub.gate.test_gate import GOOD, form

if TYPE_CHECKING:
    import httpx2

    from tests.hub.gate.conftest import GuardedHub

CITY = Grant(Role.CITY)


def modules(svg: str) -> list[list[int]]:
    """The dark modules of a drawn picture, without what is white around it."""
    svg = svg.partition('class="key-picture"')[2] or svg
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0]) // MODULE_PX
    drawn = [[0] * size for _ in range(size)]
    [path] = re.findall(r'stroke="#000" d="([^"]+)"', svg)
    x, y = 0, 0.0
    for command, right, down, length in re.findall(r"([Mm])(-?\d+) (-?[\d.]+)h(\d+)", path):
        x, y = (int(right), float(down)) if command == "M" else (x + int(right), y + float(down))
        drawn[int(y)][x : x + int(length)] = [1] * int(length)
        x += int(length)
    inner = slice(QUIET_ZONE, size - QUIET_ZONE)
    assert sum(map(sum, drawn)) == sum(sum(row[inner]) for row in drawn[inner])
    return [row[inner] for row in drawn[inner]]


def expected(address: str) -> list[list[int]]:
    return [list(row) for row in segno.make_qr(address, error="l").matrix]


def setting_up(client: httpx2.Client, page: str) -> tuple[str, str]:
    """The key that a page offers, and the address that its link has."""
    [key] = re.findall(r'name="key" value="([^"]*)"', page)
    [address] = re.findall(r'href="(otpauth:[^"]*)"', page)
    return key, unescape(address)


def test_the_picture_says_what_the_typed_key_does_and_no_address_has_it(guarded: GuardedHub) -> None:
    invitation = guarded.invite("王样本", CITY)
    with guarded.ask() as client:
        client.cookies.update(form(client, f"/invitations/{invitation}", new=GOOD, again=GOOD).cookies)
        answer = client.get("/sign-in/code")
        key, address = setting_up(client, answer.text)

        assert parse_qs(urlsplit(address).query)["secret"] == [key]
        assert modules(answer.text) == expected(address)
        assert key not in re.sub(r'href="otpauth:[^"]*"|name="key" value="[^"]*"', "", answer.text)
        assert answer.headers["cache-control"] == "no-store"
        assert form(client, "/sign-in/code", code=pyotp.TOTP(key).now(), key=key).headers["location"] == "/"


def test_after_a_wrong_code_the_picture_is_the_same_and_a_key_that_is_none_is_not_drawn(guarded: GuardedHub) -> None:
    invitation = guarded.invite("wang", CITY)
    with guarded.ask() as client:
        client.cookies.update(form(client, f"/invitations/{invitation}", new=GOOD, again=GOOD).cookies)
        key, address = setting_up(client, client.get("/sign-in/code").text)
        wrong = form(client, "/sign-in/code", code="000000", key=key)
        assert (wrong.status_code, modules(wrong.text)) == (401, expected(address))

        for bad in ("A" * 9000, '"><svg onload=x>', "样本"):  # longer than any such picture can be, too
            other = form(client, "/sign-in/code", code="000000", key=bad)
            assert other.status_code in {401, 429}
            assert setting_up(client, other.text)[0] not in {bad, key}


@pytest.mark.parametrize("name", ["li", "样" * LONGEST_NAME], ids=["short", "longest"])
def test_any_name_fits_in_a_picture_that_no_rule_of_ours_blocks(name: str) -> None:
    address = pyotp.TOTP(pyotp.random_base32(), name=name, issuer="Zaigang").provisioning_uri()
    svg = str(draw_address(address))

    assert modules(svg) == expected(address)
    assert not re.search(r"style|script|href|class|<image", svg)  # style-src and img-src are 'self'


def test_what_is_imported_when_wanted_is_not_wanted_at_the_start() -> None:
    program = "import sys, hub.web.site; print({'segno', 'webauthn', 'joserfc'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
