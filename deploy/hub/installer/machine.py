"""What the hub needs of the machine: packages, a user, folders, settings, units, a front for pages, the time."""

import ipaddress
import json
import os
import pwd
import shutil
import socket
import tomllib
from pathlib import Path

from deploy.installing.bundle import KNOWN_SIGNER, SIGNER, Bundle
from deploy.installing.chinese import tell
from deploy.installing.commands import USER, NotDone, do, works
from deploy.installing.files import put

PACKAGES = ("mosquitto", "nginx-light|nginx|nginx-full|nginx-core", "chrony", "openssl")
DATA, BROKER, BACKUPS = Path("/var/lib/zaigang"), Path("/var/lib/zaigang-broker"), Path("/var/backups/zaigang")
SETTINGS = Path("/etc/zaigang/hub.toml")
BUNDLES = Path("/opt/zaigang/bundles")
COMMAND = Path("/usr/local/bin/zaigang-hub")
UNITS = (
    "zaigang-hub.service", "zaigang-broker.service", "zaigang-broker-reload.path", "zaigang-broker-reload.service",
    "zaigang-backup.service", "zaigang-backup.timer", "zaigang-backup.path",
)  # fmt: skip
OWN_PAGES = Path("/etc/zaigang/pages.crt"), Path("/etc/zaigang/pages.key")
SITE_PAGES = DATA / "ca/broker/broker.crt", DATA / "ca/broker/broker.key"
NGINX, CHRONY = Path("/etc/nginx/conf.d/zaigang.conf"), Path("/etc/chrony/conf.d/zaigang.conf")
TOML = """\
# Made by the install; what stands here is yours to change. Each key is explained in README.md and `hub/config.py`.
data_dir = "/var/lib/zaigang"

[broker]
username = "hub"
password_file = "/var/lib/zaigang/broker.password"
directory = "/var/lib/zaigang-broker"

[backup]
directory = "/var/backups/zaigang"

[http]
names = {names}
"""
WRAPPER = """\
#!/bin/sh
# The hub's commands, as the hub's own user: what root made here that user could not open.
program=/opt/zaigang/current/venv/bin/zaigang-hub
[ "$(id -u)" = 0 ] || exec "$program" "$@"
exec runuser -u zaigang -- "$program" "$@"
"""


def want_packages() -> None:
    """Have what comes from Debian."""
    missing = [names.split("|")[0] for names in PACKAGES if not any(map(_is_installed, names.split("|")))]
    if not missing:
        return
    print(tell(f"installing {', '.join(missing)}"))
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    wanted = ("apt-get", "install", "-y", "-q", "--no-install-recommends", *missing)
    if works(*wanted):
        return
    try:  # a machine that is new has no list of packages yet, or an old one
        do("apt-get", "update", "-q")
        do(*wanted)
    except NotDone as exc:
        raise NotDone(f"{exc}; wanted is: apt-get update && apt-get install {' '.join(missing)}") from exc


def make_folders() -> None:
    """What the hub writes into, its own alone."""
    hub = pwd.getpwnam(USER)
    for path in (DATA, BROKER, BACKUPS):
        path.mkdir(parents=True, exist_ok=True)
        os.chown(path, hub.pw_uid, hub.pw_gid)
        path.chmod(0o700)


def put_files(bundle: Bundle, names: list[str]) -> None:
    """Settings, where there are none, and the files of this version, in the place of an older one's."""
    if not SETTINGS.exists():
        put(SETTINGS, TOML.format(names=json.dumps(names or found_names())).encode())
    put(KNOWN_SIGNER, bundle.files[SIGNER])
    put(COMMAND, WRAPPER.encode(), 0o755)
    for unit in UNITS:
        put(Path("/etc/systemd/system") / unit, bundle.files[f"units/{unit}"])
    put(CHRONY, bundle.files["units/chrony.conf"])
    for path in bundle.path.parent.glob("zaigang-kiosk-*.tar"):
        put(BUNDLES / path.name, path.read_bytes())


def put_front(bundle: Bundle) -> None:
    """Pages over TLS; beyond this machine only where the settings say by which names, and so that people sign in."""
    settings = tomllib.loads(SETTINGS.read_text())
    listen = ["443 ssl", "[::]:443 ssl"] if settings.get("http", {}).get("names") else ["127.0.0.1:443 ssl"]
    certificate, key = OWN_PAGES if all(path.exists() for path in OWN_PAGES) else SITE_PAGES
    said = bundle.files["units/nginx.conf"].decode()
    said = said.replace("@LISTEN@", "\n    ".join(f"listen {each};" for each in listen))
    said = said.replace("@CERTIFICATE@", str(certificate)).replace("@KEY@", str(key))
    put(NGINX, said.encode())
    if not works("nginx", "-t"):
        NGINX.unlink()
        raise NotDone("nginx does not take /etc/nginx/conf.d/zaigang.conf: nginx -t says why; the hub works without it")


def enter_identities(names: list[str]) -> None:
    """The CA, the broker's certificate for every name and address of this machine, the broker's files."""
    as_hub("ca", "init")
    known = as_hub("ca", "show", locale="C.UTF-8").partition("broker: ")[2].rpartition(", good until")[0].split(", ")
    wanted = [*names, *([] if names else found_names())]
    if known == [""] or not set(names) <= set(known):
        as_hub("ca", "issue-broker", *dict.fromkeys([*wanted, *(name for name in known if name)]))
    as_hub("broker", "config")


def found_names() -> list[str]:
    """How this machine may be reached: its addresses first, which work without anybody's name server."""
    said = json.loads(do("ip", "-json", "address", "show", "scope", "global"))
    addresses = [info["local"] for link in said for info in link.get("addr_info", []) if "local" in info]
    lasting = [each for each in addresses if not ipaddress.ip_address(each).is_link_local]
    return [*lasting, *dict.fromkeys(name for name in (socket.getfqdn(), socket.gethostname()) if name != "localhost")]


def as_hub(*words: str, locale: str = "") -> str:
    """A command of the hub's, as its own user; in the terminal's locale, or in one by whose words it is read."""
    spoken = ("env", f"LC_ALL={locale}") if locale else ()
    return do("runuser", "-u", USER, "--", *spoken, "/opt/zaigang/current/venv/bin/zaigang-hub", *words)


def _is_installed(package: str) -> bool:
    return "install ok installed" in (do("dpkg-query", "-W", "-f", "${Status}", package) if _is_known(package) else "")


def _is_known(package: str) -> bool:
    return shutil.which("dpkg-query") is not None and works("dpkg-query", "-W", package)
