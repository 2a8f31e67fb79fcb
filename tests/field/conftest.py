"""One kiosk on a network without a way out, and a broker there with a hub of a few lines behind it."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from hub.mosquitto.dialect import spell_rights
from tests.edge.brokers import WireHub
from tests.edge.site_ca import SiteCa
from tests.field import image
from tests.field.machines import NET, TOOL_PATH, Machine, Network, Reader
from tests.field.patience import eventually
from tests.field.prepared import prepare

HUB = f"{NET}.1"
BROKER = """
per_listener_settings true
user root
listener 8883 {host}
cafile {ca}
certfile {certificate}
keyfile {key}
crlfile {revoked}
require_certificate true
use_identity_as_username true
acl_file {rights}
listener 0 {socket}
allow_anonymous true
"""


@contextmanager
def a_place() -> Iterator[Path]:
    """Where the machines' disks lie: a file system that can be laid over."""
    reason = image.missing()
    if reason:
        pytest.skip(reason)
    image.image()
    made = Path(mkdtemp(prefix="test-", dir=image.CACHE))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def place():
    with a_place() as made:
        yield made


@pytest.fixture(scope="module")
def network(place):
    with closing(Network(f"zg-{place.name[-6:]}")) as made:
        yield made


@pytest.fixture(scope="module")
def ca(place):
    return SiteCa(place / "ca")


@pytest.fixture(scope="module")
def hub(place, network, ca):
    """Answers every kiosk, and keeps what it stored."""
    path = shutil.which("mosquitto", path=TOOL_PATH)
    if path is None:
        pytest.skip("mosquitto is not installed")
    files, line, rights = ca.broker(HUB), place / "mosquitto.sock", place / "rights"
    rights.write_text(spell_rights("hub", (), "1"))
    rights.chmod(0o600)
    config = place / "mosquitto.conf"
    config.write_text(
        BROKER.format(
            host=HUB,
            ca=ca.file,
            certificate=files.certificate,
            key=files.key,
            revoked=ca.revoked_file,
            rights=rights,
            socket=line,
        )
    )
    with subprocess.Popen([*network.within, path, "-c", str(config)], stderr=subprocess.DEVNULL) as broker:
        try:
            assert eventually(lambda: _listens(line))
            with closing(WireHub(line)) as made:
                yield made
        finally:  # also of one that never listened: whoever comes next would be blamed for it
            broker.kill()


def _listens(path: Path) -> bool:
    """It is there from when it is named, and refuses whoever comes before it listens."""
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(path))
        except OSError:
            return False
    return True


@pytest.fixture(scope="module")
def reader(place):
    made = Reader()
    yield made
    made.close()


@pytest.fixture(scope="module")
def folder(place, ca, hub):
    """What the field worker brings, on a stick."""
    return prepare(place / "stick", ca, HUB)


@pytest.fixture(scope="module")
def machine(place, network, reader):
    """A kiosk as it comes out of its box, switched on."""
    made = Machine("kiosk", place, network, 2, reader)
    made.boot()
    yield made
    made.close()
