"""The settings of one kiosk, read once in `__main__` and handed down in parts.

`station.settings` reads and checks kinds; here is what only a kiosk knows: which names, ports and reader paths can
stand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os.path import realpath
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from devices.buttons import check_button_url, pin_of
from devices.catalogue import silence_s, wanted_in_service
from devices.errors import ReaderUnusableError, SignalUnusableError
from devices.signal_catalogue import check_signal_urls
from edge.saying import of_device
from station.errors import ConfigError
from station.names import HUB_KIOSK, KioskId, StationCode, is_name
from station.saying import as_said, say
from station.settings import WANTED_HOST, is_host, read_settings

DEFAULT_FILE: Final = Path("/etc/zaigang/edge.toml")
MAX_PORT: Final = 65535
# Below a second a slow beep makes people's second tap a leave; beyond a minute an honest leave is none.
GUARD_S: Final = (1.0, 60.0)


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """One card reader."""

    name: str
    """What records and messages call it: `door`. Stays the same when the device behind it is replaced."""

    url: str
    """Driver and path: `pn532:/dev/serial/by-id/usb-...`; a by-id path survives replugging, `ttyUSB0` may not.
    Also `acr122u:usb`, `em4100:/dev/...` and `wedge:/dev/input/by-id/...?digits=dec10`: see docs/readers.md."""


@dataclass(frozen=True, slots=True)
class BrokerConfig:
    """Where the broker is, and who this kiosk is there."""

    host: str = "127.0.0.1"
    """Name or address."""

    port: int = 1883
    """TCP port."""

    username: str = ""
    """Login; empty for a broker that asks for none, as the embedded one."""

    password_file: Path | None = None
    """File holding the password alone, readable by the agent's user only."""

    ca_file: Path | None = None
    """The site's CA, PEM: with it and the next two the broker is reached over TLS, port 8883 as a rule."""

    certificate_file: Path | None = None
    """This kiosk's certificate, PEM, signed by that CA for its id."""

    key_file: Path | None = None
    """Its key, PEM, mode 0600."""


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """The person's own time, in real seconds."""

    guard_s: float = 5.0
    """A card of the same person seen again within it is the same tap; shorter than the quickest honest leave."""

    hold_s: float = 3.0
    """A card left lying so long after a leave means stepping out; long enough not to happen by itself, as 2 s did."""


@dataclass(frozen=True, slots=True)
class SignalsConfig:
    """How people are answered, beside a line of text on standard output."""

    lamp: str = ""
    """`gpio:red=17,green=27,blue=22` (pins by BCM number) or `tower:/dev/serial/by-id/...`; empty for none."""

    sound: str = ""
    """`aplay:default` for a loudspeaker, `gpio:18` for a buzzer; empty for none."""


@dataclass(frozen=True, slots=True)
class ButtonsConfig:
    """What people may press."""

    step_out: str = ""
    """临时外出: `gpio:21` (pin by BCM number, tied to ground while pressed) or `key:/dev/input/by-id/...`; empty for
    none. Pressed within 10 s of a leave it makes stepping out of it, as a card that is held on does."""


@dataclass(frozen=True, slots=True)
class EdgeConfig:
    """Everything that a kiosk's agent is told."""

    station: StationCode
    """The station's code, as the hub knows it."""

    kiosk: KioskId
    """This kiosk's id, as the hub knows it; a replaced kiosk gets a new one."""

    data_dir: Path
    """Where the journal and what the hub last said are kept; on a disk that survives power cuts."""

    site_key_file: Path
    """The site key, 64 hex digits, mode 0600; handed out by the hub."""

    readers: tuple[ReaderConfig, ...]
    """The card readers, at least one in service."""

    broker: BrokerConfig = field(default_factory=BrokerConfig)
    """The way to the hub."""

    limits: LimitsConfig = field(default_factory=LimitsConfig)
    """Guard and hold."""

    signals: SignalsConfig = field(default_factory=SignalsConfig)
    """Lamp and sound: see docs/readers.md."""

    buttons: ButtonsConfig = field(default_factory=ButtonsConfig)
    """Buttons beside the readers: see docs/readers.md."""

    allow_any_path: bool = False
    """Also take readers at paths that are no serial port of the machine: pseudo-terminals of simulators and tests."""

    has_clock_chip: bool = False
    """A battery-backed clock is fitted: the time is trusted from the start of a boot."""


def read_config(
    text: str, environ: Mapping[str, str], *, file: str, above: Mapping[str, Any] = MappingProxyType({})
) -> EdgeConfig:
    """The kiosk's settings; `above` is what the hub wants of them.

    Raises:
        ConfigError: names file, key, what was found and what is wanted.
    """
    config = read_settings(EdgeConfig, text, environ, file=file, room="edge", above=above)
    for fault in _faults(config):
        raise ConfigError(say("{file}: {fault}", file=file, fault=as_said(fault)))
    return config


def _faults(config: EdgeConfig) -> Iterator[str]:
    if config.kiosk == HUB_KIOSK:
        yield say("kiosk: {kiosk!r} is the hub's own name; wanted is another", kiosk=config.kiosk)
    yield from _path_faults(config)
    yield from _broker_faults(config.broker)
    if not GUARD_S[0] <= config.limits.guard_s <= GUARD_S[1]:
        yield say(
            "limits.guard_s: {guard_s:g}; wanted is {least:g} to {most:g} seconds",
            guard_s=config.limits.guard_s,
            least=GUARD_S[0],
            most=GUARD_S[1],
        )
    if not 0 < config.limits.hold_s < config.limits.guard_s:
        yield say(
            "limits: hold_s {hold_s:g}, guard_s {guard_s:g}; wanted is 0 < hold < guard",
            hold_s=config.limits.hold_s,
            guard_s=config.limits.guard_s,
        )
    if not config.readers:
        yield 'readers: none; wanted is at least one, as [[readers]] name = "door" url = "pn532:/dev/ttyUSB0"'
    yield from _button_faults(config)
    pin = pin_of(config.buttons.step_out)
    try:
        check_signal_urls(config.signals.lamp, config.signals.sound, () if pin is None else (pin,))
    except SignalUnusableError as exc:
        yield say("signals.{fault}", fault=of_device(exc))
    yield from _reader_faults(config)


def _path_faults(config: EdgeConfig) -> Iterator[str]:
    """What a relative path is depends on who starts the agent, and from where."""
    paths = {
        "data_dir": config.data_dir, "site_key_file": config.site_key_file,
        "broker.password_file": config.broker.password_file, "broker.ca_file": config.broker.ca_file,
        "broker.certificate_file": config.broker.certificate_file, "broker.key_file": config.broker.key_file,
    }  # fmt: skip
    for key, path in paths.items():
        if path is not None and not path.is_absolute():
            found = as_said("nothing") if path == Path() else repr(str(path))
            yield say("{key}: {found}; wanted is a path from the root on, as /var/lib/zaigang", key=key, found=found)
    if config.data_dir == Path("/"):
        yield "data_dir: '/'; wanted is a directory of its own, as /var/lib/zaigang"


def _broker_faults(broker: BrokerConfig) -> Iterator[str]:
    if not is_host(broker.host):
        found = repr(broker.host) if broker.host else as_said("nothing")
        yield say("broker.host: {found}; {wanted}; the port is broker.port", found=found, wanted=as_said(WANTED_HOST))
    if not 1 <= broker.port <= MAX_PORT:
        yield say("broker.port: {port}; wanted is 1 to {most}", port=broker.port, most=MAX_PORT)
    if broker.password_file is not None and not broker.username:
        yield "broker.password_file: a password without a name; wanted is broker.username beside it"
    identity = {"ca_file": broker.ca_file, "certificate_file": broker.certificate_file, "key_file": broker.key_file}
    missing = [f"broker.{name}" for name, path in identity.items() if path is None]
    if 0 < len(missing) < len(identity):
        yield say(
            "{missing}: nothing; wanted are ca_file, certificate_file and key_file together, or none of them",
            missing=missing[0],
        )


def _button_faults(config: EdgeConfig) -> Iterator[str]:
    url = config.buttons.step_out
    try:
        check_button_url(url)
    except SignalUnusableError as exc:
        yield say("buttons.step_out: {fault}", fault=of_device(exc))
    device = realpath(url.partition(":")[2])
    for number, reader in enumerate(config.readers):
        if url.startswith("key:") and realpath(reader.url.partition(":")[2].partition("?")[0]) == device:
            yield say(
                "buttons.step_out: {url!r}, the device of readers[{number}]; wanted is one of its own",
                url=url,
                number=number,
            )


def _reader_faults(config: EdgeConfig) -> Iterator[str]:
    names = [reader.name for reader in config.readers]
    devices = [realpath(reader.url.partition(":")[2].partition("?")[0]) for reader in config.readers]
    for number, reader in enumerate(config.readers):
        key = f"readers[{number}]"
        if not is_name(reader.name) or names.index(reader.name) != number:
            yield say(
                "{key}.name: {name!r}; wanted is a short name that no other reader has", key=key, name=reader.name
            )
        if devices.index(devices[number]) != number:
            first = devices.index(devices[number])
            yield say(
                "{key}.url: {url!r}, the device of readers[{first}]; wanted is each reader once",
                key=key,
                url=reader.url,
                first=first,
            )
        try:
            wanted = wanted_in_service(reader.url)
        except ReaderUnusableError as exc:
            yield say("{key}.url: {fault}", key=key, fault=of_device(exc))
            continue
        if silence_s(reader.url) >= config.limits.hold_s:
            yield (
                say(
                    "{key}.url, limits.hold_s {hold_s:g}: a card counts as held by this reader's silence alone; "
                    "wanted is more than {silence_s:g} s",
                    key=key,
                    hold_s=config.limits.hold_s,
                    silence_s=silence_s(reader.url),
                )
            )
        if wanted and not config.allow_any_path:
            yield (
                say(
                    "{key}.url: {url!r} is none of this machine's own devices; wanted is {wanted}, "
                    "or allow_any_path = true for a simulator",
                    key=key,
                    url=reader.url,
                    wanted=as_said(wanted),
                )
            )
