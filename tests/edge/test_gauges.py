"""What a kiosk tells of its machine: read from files as a Raspberry Pi has them, and nothing where there are none."""

from datetime import UTC, datetime

import pytest

from edge.gauges import EVERY_S, Gauges, read_machine
from station.wire.messages import KioskFigures
from tests.edge.site_ca import SiteCa


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def sys(tmp_path):
    return tmp_path / "sys"


def test_a_machine_that_tells_nothing_tells_its_disk_alone(tmp_path, sys):
    found = read_machine(tmp_path, sys)

    assert found.disk_free_mb > 0
    assert (found.temperature_c, found.under_voltage) == (None, None)
    assert read_machine(tmp_path / "gone", sys) == KioskFigures()


@pytest.mark.parametrize(("word", "is_weak"), [("0", False), ("1", True), ("50005", True), ("4", False), ("?", None)])
def test_a_pi_tells_whether_its_power_was_too_weak(tmp_path, sys, word, is_weak):
    write(sys / "devices/platform/soc/soc:firmware/get_throttled", f"{word}\n")

    assert read_machine(tmp_path, sys).under_voltage is is_weak


@pytest.mark.parametrize(
    ("name", "alarm", "is_weak"), [("rpi_volt", "1", True), ("rpi_volt", "0", False), ("fan", "1", None)]
)
def test_or_its_kernels_driver_does(tmp_path, sys, name, alarm, is_weak):
    write(sys / "class/hwmon/hwmon1/name", f"{name}\n")
    write(sys / "class/hwmon/hwmon1/in0_lcrit_alarm", f"{alarm}\n")

    assert read_machine(tmp_path, sys).under_voltage is is_weak


@pytest.mark.parametrize(("text", "degrees"), [("51540\n", 52), ("-4000", -4), ("hot", None), ("", None)])
def test_the_processors_heat_in_whole_degrees(tmp_path, sys, text, degrees):
    write(sys / "class/thermal/thermal_zone0/temp", text)

    assert read_machine(tmp_path, sys).temperature_c == degrees


def test_they_are_read_once_a_minute_and_weak_power_is_remembered(tmp_path):
    now, told = (
        [0.0],
        iter([KioskFigures(9), KioskFigures(8, under_voltage=True), KioskFigures(7, under_voltage=False)]),
    )
    gauges = Gauges(tmp_path, lambda: None, lambda: now[0], lambda _: next(told))
    seen = []
    for at in (0, 1, EVERY_S - 1, EVERY_S, 2 * EVERY_S):
        now[0] = float(at)
        seen.append(gauges())

    assert [(each.disk_free_mb, each.under_voltage) for each in seen] == [
        (9, None), (9, None), (9, None), (8, True), (7, True)
    ]  # fmt: skip


def test_the_certificates_end_is_told_and_one_that_cannot_be_read_is_left_out(tmp_path):
    ends = datetime(2028, 11, 28, 1, 2, 3, tzinfo=UTC)
    own = SiteCa(tmp_path / "ca").kiosk("sq01-a", ends=ends).certificate

    assert Gauges(tmp_path, lambda: own, lambda: 0.0)().certificate_ends_at == ends
    (tmp_path / "bad.crt").write_text("nothing")
    assert Gauges(tmp_path, lambda: tmp_path / "bad.crt", lambda: 0.0)().certificate_ends_at is None
