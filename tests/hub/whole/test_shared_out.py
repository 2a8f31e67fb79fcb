"""Two intakes on one database and no truth in either's memory: nothing is lost, doubled, or taken back."""

from random import Random

import pytest

from tests.hub.whole.shared_out import main, share_out


@pytest.mark.parametrize("seed", [7, 8])
def test_each_message_to_either_at_random_and_one_killed_now_and_then(database_url: str, seed: int):
    found = share_out(database_url, kiosks=25, messages=600, kills=4, rng=Random(seed))

    assert [found[what] for what in ("lost", "doubled", "aside", "fallen")] == [0, 0, 0, 0]
    assert found["answered"] >= 600


def test_more_kiosks_than_messages_have_theirs_settled_too(database_url: str):
    found = share_out(database_url, kiosks=20, messages=5, kills=1, rng=Random(1))

    assert [found[what] for what in ("lost", "doubled", "aside", "fallen")] == [0, 0, 0, 0]


def test_more_kills_than_messages_are_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.argv", ["shared_out", "20", "--messages", "5"])

    with pytest.raises(SystemExit):
        main()

    assert "found --kills 50 and --messages 5; wanted are no more kills than messages" in capsys.readouterr().err
