"""The site's machines, booted once for all tests of this folder, which run in the order of their files' names."""

import shutil
from contextlib import closing

import pytest

from tests.field.bundle import write_bundle
from tests.field.conftest import a_place
from tests.field.hub_bundle import write_hub_bundle
from tests.field.image import hub_image
from tests.field.machines import Machine, Network, Reader
from tests.field.patience import PATIENCE_S, eventually
from tests.field.site.doings import KIOSK, carry
from tests.field.test_first_boot import is_installed
from tests.field.test_kiosk import STICK, UNIT, let_reader_in, plug_stick, watch_versions_for

SAMPLES = "/opt/zaigang/current/venv/lib/python3.*/site-packages/hub/importing/samples"


@pytest.fixture(scope="package")
def place():
    with a_place() as made:
        yield made


@pytest.fixture(scope="package")
def network(place):
    with closing(Network(f"zg-{place.name[-6:]}")) as made:
        yield made


@pytest.fixture(scope="package")
def reader(place):
    with closing(Reader()) as made:
        yield made


@pytest.fixture(scope="package")
def hub(place, network):
    """As an administrator sets it up, from the README alone."""
    made = Machine("hub", place, network, 10, disk=hub_image())
    made.boot()
    folder = carry(made, write_hub_bundle(place, "0.1.0"), write_bundle(place, "0.1.0"))
    made.said = made.do("env", f"ZAIGANG_UP_WITHIN_S={PATIENCE_S:g}", f"{folder}/install", "--name", made.address)
    made.do("sh", "-c", f"zaigang-hub import {SAMPLES}/*.csv")
    yield made
    made.close()


@pytest.fixture(scope="package")
def kiosk(place, network, reader, hub):
    """Switched on for the first time, with the hub's folder on its boot partition; it sets itself up."""
    made = Machine("kiosk-of-hub", place, network, 11, reader)
    hub.do("zaigang-hub", "kiosk", "prepare", KIOSK, "--out", f"/var/lib/zaigang/prepared/{KIOSK}")
    plug_stick(made, hub.root / "var/lib/zaigang/prepared" / KIOSK)
    (made.root / "etc/cloud/cloud-init.disabled").unlink()
    seed = made.root / "var/lib/cloud/seed/nocloud"  # where a machine without partitions finds what lies on that one
    seed.mkdir(parents=True)
    for name in ("user-data", "meta-data", "network-config"):
        shutil.copy(made.root / STICK[1:] / name, seed)
    watch_versions_for(made, 1)
    made.boot()
    assert eventually(lambda: is_installed(made)), made.do("journalctl", "--no-pager", "-n", "50")
    let_reader_in(made)
    made.do("systemctl", "daemon-reload")
    made.do("systemctl", "restart", UNIT)
    yield made
    made.close()
