"""How a kiosk's first boot gives it its network, by whichever of three keeps it there; the lines run as they are sent."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from hub.fleet.first_boot import seed_of

if TYPE_CHECKING:
    from pathlib import Path

LO = "auto lo\niface lo inet loopback\n"
ETH0 = "allow-hotplug eth0\niface eth0 inet dhcp\n"


class FirstBoot:
    """A machine's files and programs, as far as the network's part of `user-data` touches them."""

    def __init__(self, place: Path) -> None:
        self.place, self.interfaces = place, place / "etc/network/interfaces.d"
        self.interfaces.mkdir(parents=True)
        for folder in ("etc/systemd/network", "net", "bin", "none"):
            (place / folder).mkdir(parents=True)
        (self.interfaces / "50-cloud-init").write_text("auto wired\niface wired inet dhcp\n")
        self.active: set[str] = set()

    def program(self, name: str, text: str) -> None:
        path = self.place / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def has_ifupdown(self) -> None:
        self.program("ifup", "exit 0")
        self.program(
            "ifquery",
            f'cat {self.place}/etc/network/interfaces* {self.interfaces}/* 2>/dev/null | grep -q "^iface $1 "',
        )

    def has(self, *interfaces: str) -> None:
        for name in interfaces:
            (self.place / "net" / name).mkdir()

    def run(self) -> None:
        said = seed_of("sq01-a", 1, "Asia/Shanghai")["user-data"].decode()
        script = re.sub(r"(?m)^ {6}", "", said.partition("    - |\n")[2])
        script = script.replace("/etc/", f"{self.place}/etc/").replace("/sys/class/net", f"{self.place}/net")
        script = re.sub(r"/boot/firmware /boot /run/zaigang-stick", str(self.place / "none"), script)
        script = script.replace("/run/zaigang-stick", str(self.place / "none")).replace(
            "/sys/class/leds", str(self.place)
        )
        is_active = "|".join(self.active) or "nothing"
        self.program(
            "systemctl",
            f'case "$*" in *is-active*) case "${{3}}" in {is_active}) exit 0;; esac; exit 3;; esac; echo "$*" >> {self.place}/started',
        )
        self.program("networkctl", f'echo "networkctl $*" >> {self.place}/started')
        self.program("mount", "exit 1")
        environ = {**os.environ, "PATH": f"{self.place / 'bin'}:{os.environ['PATH']}"}
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, env=environ)
        assert done.stderr == "zaigang: no prepared folder was found\n"

    @property
    def started(self) -> list[str]:
        path = self.place / "started"
        return path.read_text().splitlines() if path.is_file() else []


@pytest.fixture
def boot(tmp_path: Path) -> FirstBoot:
    return FirstBoot(tmp_path)


def test_with_ifupdown_each_card_gets_its_line_and_what_cloud_init_wrote_for_none_goes(boot: FirstBoot) -> None:
    boot.has_ifupdown()
    boot.has("eth0", "enp3s0", "lo", "wlan0")

    boot.run()

    made = (boot.interfaces / "zaigang").read_text()
    assert made.startswith(LO)
    assert ETH0 in made
    assert "allow-hotplug enp3s0\niface enp3s0 inet dhcp\n" in made
    assert "wlan0" not in made
    assert [path.name for path in boot.interfaces.iterdir()] == ["zaigang"]
    assert sorted(boot.started) == ["--no-block start ifup@enp3s0.service", "--no-block start ifup@eth0.service"]


def test_done_twice_it_is_as_done_once(boot: FirstBoot) -> None:
    boot.has_ifupdown()
    boot.has("eth0")

    boot.run()
    first = (boot.interfaces / "zaigang").read_text()
    boot.run()

    assert (boot.interfaces / "zaigang").read_text() == first == LO + ETH0


def test_a_card_that_somebody_has_set_up_already_is_left_to_them(boot: FirstBoot) -> None:
    boot.has_ifupdown()
    boot.has("eth0")
    (boot.place / "etc/network/interfaces").write_text("iface eth0 inet static\n")

    boot.run()

    assert ((boot.interfaces / "zaigang").read_text(), boot.started) == (LO, [])


@pytest.mark.parametrize("keeper", ["NetworkManager", "nobody"])
def test_where_another_keeps_the_network_nothing_is_written(boot: FirstBoot, keeper: str) -> None:
    boot.has("eth0")
    if keeper != "nobody":
        boot.has_ifupdown()
        boot.active.add(keeper)
    else:
        (boot.place / "bin/sh").symlink_to("/bin/sh")

    boot.run()

    assert [path.name for path in boot.interfaces.iterdir()] == ["50-cloud-init"]
    assert boot.started == []


def test_networkd_is_told_once(boot: FirstBoot) -> None:
    boot.has_ifupdown()
    boot.active.add("systemd-networkd")
    boot.has("eth0")

    boot.run()

    assert "Name=e*" in (boot.place / "etc/systemd/network/90-zaigang.network").read_text()
    assert boot.started == ["networkctl reload"]
    assert not (boot.interfaces / "zaigang").exists()
