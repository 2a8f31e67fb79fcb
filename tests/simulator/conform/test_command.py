"""`zaigang-sim conform` as a person types it."""

import json

import pytest

from hub.intake import settling as intake
from simulator.__main__ import main
from simulator.conform.checks_hub import HUB_RULES
from tests.ports import free_port
from tests.simulator.conform.conftest import PACE


@pytest.fixture(autouse=True)
def quick_pace(monkeypatch):
    monkeypatch.setattr("simulator.conform.command.ProtocolTimes", lambda: PACE)


def command(port, *arguments):
    return main(["conform", "--broker", f"127.0.0.1:{port}", *arguments])


@pytest.mark.broker
def test_a_hub_without_fault_ends_with_0_and_a_line_for_each_rule(broker_port, start_hub, tmp_path, capsys):
    start_hub()

    status = command(broker_port, "--hub", "S-01/K-01-1", "--json", str(tmp_path / "findings.json"))

    lines = capsys.readouterr().out.splitlines()
    findings = json.loads((tmp_path / "findings.json").read_text())
    assert (status, lines[-1]) == (0, f"{len(HUB_RULES)} kept, 0 broken, 0 not seen")
    assert [line.split()[1] for line in lines[:-1]] == [rule.id for rule in HUB_RULES]
    assert findings[0] == {
        "id": "hub-state", "sentence": "hub/state: birth, retained", "verdict": "kept", "seen": "",
    }  # fmt: skip


@pytest.mark.broker
def test_a_hub_with_a_fault_ends_with_1_and_what_was_seen(broker_port, start_hub, monkeypatch, capsys):
    right = intake._settled
    monkeypatch.setattr(
        intake, "_settled", lambda *given: right(*given).replace(b'"through":', b'"backed":9,"through":')
    )
    start_hub()

    status = command(broker_port, "--hub", "S-01/K-01-1")

    assert status == 1
    assert "broken    only-what-was-sent" in capsys.readouterr().out


@pytest.mark.parametrize("whom", [["--agent", "S-01/K-01-1"], ["--hub", "S-01/K-01-1"]])
def test_where_nobody_can_be_reached_it_ends_with_2(whom, capsys):
    status = command(free_port(), *whom)

    assert status == 2
    assert "cannot be reached" in capsys.readouterr().err


@pytest.mark.parametrize("whom", [[], ["--agent", "S-01"], ["--hub", "S 1/K"], ["--agent", "S/K", "--hub", "S/K"]])
def test_whom_to_look_at_must_be_said(whom, capsys):
    with pytest.raises(SystemExit, match="2"):
        command(1883, *whom)

    assert "--agent" in capsys.readouterr().err
