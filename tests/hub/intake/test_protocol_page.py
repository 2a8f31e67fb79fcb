"""The messages that docs/protocol.md shows: each can be read, and the hub answers what the kiosk says with what stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from jsonschema import Draft7Validator

from hub.asking.catalogue import KINDS
from hub.intake.sorting import Delivery
from station.names import KioskId, StationCode
from station.token import fingerprint_of, key_in, token_of
from station.wire import topics
from station.wire.codec import decode_leaf, encode
from tests.hub.intake.messages import known_kiosk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from station.wire.messages import Settled
    from tests.hub.intake.bench import Bench

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "protocol.md").read_text(encoding="utf-8")
SCHEMAS = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))["components"]["schemas"]
STATION, KIOSK = StationCode("s-0001"), KioskId("k-east")


class Shown(NamedTuple):
    """One message of the page."""

    leaf: topics.Leaf
    topic: str
    body: dict[str, Any]

    @property
    def payload(self) -> bytes:
        return json.dumps(self.body).encode()


def shown() -> Iterator[Shown]:
    for topic, text in re.findall(r"`(zaigang/v1/\S+)`\n```json\n(.*?)\n```", PAGE, re.DOTALL):
        yield Shown(topics.Leaf(topic.rpartition("/")[2]), topic, json.loads(text))


SHOWN = list(shown())


@pytest.fixture
def knowing(hub: Bench) -> Bench:
    hub.start(known_kiosk(KIOSK, STATION))
    hub.key = fingerprint_of(bytes(range(32)))
    return hub


def test_the_page_shows_a_message_of_every_kind() -> None:
    assert len(SHOWN) == PAGE.count("```json")
    assert {one.leaf for one in SHOWN} == set(topics.Leaf)


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: one.leaf.value)
def test_a_message_is_read_to_its_last_field_and_has_the_build_of_the_schema(one: Shown) -> None:
    schema = {"$ref": f"#/components/schemas/{one.leaf.value.title()}", "components": {"schemas": SCHEMAS}}

    assert one.topic == f"zaigang/v1/{STATION}/{KIOSK}/{one.leaf.value}"
    assert json.loads(encode(decode_leaf(one.payload, one.leaf))) == one.body
    assert [error.message for error in Draft7Validator(schema).iter_errors(one.body)] == []


def test_the_hub_answers_the_kiosk_as_the_page_says(knowing: Bench) -> None:
    said = [one for one in SHOWN if one.leaf in {topics.Leaf.STATE, topics.Leaf.JOURNAL, topics.Leaf.SETTLED}]
    birth, answer, journal, stored, end = said

    for asked, wanted in ((birth, answer), (journal, stored)):
        told: Settled = knowing.settled(Delivery(asked.topic, asked.payload))
        assert json.loads(encode(told)) == wanted.body
    knowing.take(Delivery(end.topic, end.payload))

    assert [seq for _, seq in knowing.seqs()] == [1, 2, 3]
    assert knowing.findings.all() == []


def test_a_card_s_token_is_made_as_the_page_says() -> None:
    key, number, token = re.search(
        r"`([0-9a-f]{64})` \(its file holds these 64 hex digits\) the card ([0-9A-F]+) is `([0-9a-f]{32})`", PAGE
    ).groups()  # type: ignore[union-attr]  # where the page no longer says it, this goes red
    site_key = key_in(key.encode())

    assert site_key is not None
    assert token_of(site_key, "iso14443a", bytes.fromhex(number)) == token
    assert fingerprint_of(site_key) == SHOWN[0].body["key"]


def test_the_page_tells_of_each_command_that_the_hub_can_ask_and_of_no_other() -> None:
    table = PAGE.partition("| command | a kiosk |\n|---|---|\n")[2].partition("\n\n")[0]
    told = [re.match(r"\| `(\w+)` \| \S", line) for line in table.splitlines()]

    assert all(told)
    assert sorted(line[1] for line in told if line) == sorted(KINDS)
