"""What a hub wants of Debian is installed, also where the machine has no list of packages yet."""

import os

import pytest

from deploy.hub.installer import machine
from deploy.installing.commands import NotDone


class Apt:
    """Debian's, on a machine just made: it finds nothing before its lists are fetched."""

    def __init__(self, *, has_network: bool = True) -> None:
        self.has_network = has_network
        self.has_lists = False
        self.installed: tuple[str, ...] = ()

    def works(self, *words: str) -> bool:
        if words[0] == "dpkg-query":
            return False
        try:
            self.do(*words)
        except NotDone:
            return False
        return True

    def do(self, *words: str) -> str:
        if words[:2] == ("apt-get", "update"):
            if not self.has_network:
                raise NotDone("apt-get update: E: no network")
            self.has_lists = True
        elif not self.has_lists:
            raise NotDone("apt-get install: E: Unable to locate package")
        else:
            self.installed = words[5:]
        return ""


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch) -> Apt:
    made = Apt()
    monkeypatch.setattr(machine, "works", made.works)
    monkeypatch.setattr(machine, "do", made.do)
    monkeypatch.setattr(machine, "_is_installed", lambda _: False)
    monkeypatch.setitem(os.environ, "DEBIAN_FRONTEND", "noninteractive")
    return made


def test_a_new_machine_gets_its_list_of_packages_first(apt: Apt) -> None:
    machine.want_packages()

    assert apt.installed == ("mosquitto", "nginx-light", "chrony", "openssl")


def test_without_a_network_it_says_what_is_wanted(apt: Apt) -> None:
    apt.has_network = False

    with pytest.raises(
        NotDone, match=r"wanted is: apt-get update && apt-get install mosquitto nginx-light chrony openssl$"
    ):
        machine.want_packages()
