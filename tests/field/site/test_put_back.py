"""A hub whose disk is lost: another takes its place, from the backups alone, by the block of docs/install-hub.md."""

import re
import shutil

import pytest

from tests.field.bundle import TREE
from tests.field.machines import Machine
from tests.field.patience import PATIENCE_S, TEST_S, eventually
from tests.field.site.doings import PYTHON, needs_all, tap, tokens

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]
BACK_UP = """
import time
from datetime import UTC, datetime
from pathlib import Path
from hub.config import read_config
from hub.database.backup import make_backup
from hub.database.engine import open_engine
config = read_config(Path("/etc/zaigang/hub.toml"), {})
print(make_backup(open_engine(config.database_url), Path("/var/backups/zaigang"), datetime.now(UTC), lambda *_: None))
"""


def block() -> str:
    """The lines that stand there, to the letter."""
    text = (TREE / "docs/install-hub.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```sh\n(.*?)```", text.partition("从备份恢复")[2].partition("## ")[0], re.DOTALL)
    return found


def unpacked(hub: Machine) -> str:
    """Where the version at work was unpacked."""
    version = hub.do("readlink", "/opt/zaigang/current").strip().rpartition("/")[2]
    (folder,) = (hub.root / "root").glob(f"zaigang-hub-{version}-*/")
    return f"/{folder.relative_to(hub.root)}"


@needs_all
def test_the_block_typed_to_the_letter_on_a_new_machine_brings_the_hub_back_and_the_kiosk_what_came_since(
    hub, kiosk, reader
):
    assert tap(reader, hub, "04000000000021")
    hub.do("systemctl", "start", "zaigang-backup.service")
    hub.do("runuser", "-u", "zaigang", "--", PYTHON, "-c", BACK_UP)
    assert tap(reader, hub, "04000000000022")  # the backup has it not
    before = tokens(hub)
    hub.do("sh", "-c", f"mkdir /root/typed && cp -a {unpacked(hub)} /root/typed/hub")
    newest = {name: hub.do("sh", "-c", f"ls -t /var/backups/zaigang/{name} | head -1").strip()
              for name in ("zaigang-*.sqlite", "keys-*.tar.gz")}  # fmt: skip
    hub.do("cp", *newest.values(), "/root/typed/")

    hub.do("/opt/zaigang/current/uninstall")
    for lost in ("var/lib/zaigang", "etc/zaigang", "var/backups/zaigang"):
        shutil.rmtree(hub.root / lost)
    hub.do("env", f"ZAIGANG_UP_WITHIN_S={PATIENCE_S:g}", "/root/typed/hub/install", "--name", hub.address)
    typed = block()
    for name, path in newest.items():
        typed = re.sub(name.replace(".", r"\.").replace("*", r"[^\s.*]+"), path.rpartition("/")[2], typed)
    (hub.root / "root/typed.sh").write_text(
        f'set -e\nsudo() {{ "$@"; }}\ncd /root/typed\nexport ZAIGANG_UP_WITHIN_S={PATIENCE_S:g}\n{typed}'
    )
    said = hub.do("sh", "/root/typed.sh")

    assert said.splitlines()[-1] == "可以使用", said
    assert eventually(lambda: set(tokens(hub)) >= set(before)), (before, tokens(hub))
    assert tap(reader, hub, "04000000000023")
    assert kiosk.do("zaigang-edge", "doctor", "--lang", "zh").splitlines()[-1] == "可以使用"
