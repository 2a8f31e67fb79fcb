"""A folder as `zaigang-hub kiosk prepare` makes it, of a test's own CA."""

import shutil
from pathlib import Path

from tests.edge.rig import SITE_KEY
from tests.edge.site_ca import SiteCa
from tests.field.bundle import KIOSK, write_bundle

SETTINGS = """
station = "SQ01"
kiosk = "{kiosk}"
data_dir = "/var/lib/zaigang"
site_key_file = "/etc/zaigang/identity/site.key"

[broker]
host = "{host}"
port = 8883
ca_file = "/etc/zaigang/identity/ca.crt"
certificate_file = "/etc/zaigang/identity/kiosk.crt"
key_file = "/etc/zaigang/identity/kiosk.key"

[[readers]]
name = "door"
url = "pn532:/dev/ttyUSB0"
"""


def prepare(folder: Path, ca: SiteCa, host: str, kiosk: str = "sq01-a", version: str = "0.1.0", **bundle) -> Path:
    (folder / "identity").mkdir(parents=True)
    files = ca.kiosk(kiosk)
    shutil.copyfile(ca.file, folder / "identity/ca.crt")
    shutil.copyfile(files.certificate, folder / "identity/kiosk.crt")
    shutil.copyfile(files.key, folder / "identity/kiosk.key")
    (folder / "identity/site.key").write_text(f"{SITE_KEY.hex()}\n")
    (folder / "kiosk.toml").write_text(SETTINGS.format(kiosk=kiosk, host=host))
    shutil.copyfile(KIOSK / "install", folder / "install")
    write_bundle(folder, version, **bundle)
    return folder
