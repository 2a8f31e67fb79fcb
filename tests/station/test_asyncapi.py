"""docs/asyncapi.yaml is sound, says what docs/protocol.md says, and describes what `station.wire` writes."""

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft7Validator

from station.duty import Limits
from station.wire.codec import KINDS, encode
from station.wire.messages import HubState
from station.wire.topics import HUB_STATE, ROOT
from tests.station.messages import messages

HERE = Path(__file__).parent
DOCUMENT = yaml.safe_load((HERE.parents[1] / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
GOLDEN = {file.stem: json.loads(file.read_text()) for file in (HERE.parent / "golden" / "wire" / "v1").glob("*.json")}
SCHEMAS = {name.lower(): name for name in DOCUMENT["components"]["schemas"]}
MESSAGES = [kind.__name__ for kind in (*KINDS.values(), HubState)]
SPOILED = {
    "Journal": [("first", 0), ("records", []), ("epoch", "E" * 16), ("n", -1)],
    "Settled": [("session", "5e55"), ("epochs", {"x": {"through": 1}}), ("at", "2026-03-05 00:00")],
    "State": [("online", 1), ("reader", "gone"), ("epochs", {"e" * 16: {"last": 1}}), ("queued", "0")],
    "Presence": [("duty_class", "fine"), ("people", {"p-1": {"state": "on"}}), ("folded", {"k": {"e": 1}})],
    "Duty": [("weekly", [[]] * 6), ("rule", {"minimum": 0}), ("days", {"today": []})],
    "Roster": [("cards", {"00aa": {"person": "p-1"}}), ("part", 1.5)],
    "HubState": [("online", None), ("started_at", "now")],
    "Command": [("args", {"times": 2}), ("expires_at", None)],
    "Reply": [("ok", "yes"), ("id", "a\0b")],
}


def validator(schema: str) -> Draft7Validator:
    """Of one named schema; its references point into the document."""
    return Draft7Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": DOCUMENT["components"]["schemas"]}}
    )


VALIDATORS = {name: validator(name) for name in MESSAGES}


def golden_of(schema: str) -> dict:
    return deepcopy(next(body for stem, body in sorted(GOLDEN.items()) if SCHEMAS[stem.split("-")[0]] == schema))


def references(part) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*map(references, part.values()))
    return set().union(*map(references, part)) if isinstance(part, list) else set()


def target_of(reference: str):
    found = DOCUMENT
    for level in reference.removeprefix("#/").split("/"):
        found = found[level]
    return found


def test_every_reference_leads_somewhere():
    for reference in references(DOCUMENT):
        assert target_of(reference), reference


def test_every_schema_is_one():
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)


def test_it_names_each_figure_of_a_station():
    named = DOCUMENT["components"]["schemas"]["Limits"]["properties"]

    assert sorted(named.keys() ^ Limits.__dataclass_fields__.keys()) == []


def test_the_document_has_the_build_of_asyncapi_3():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    for channel in DOCUMENT["channels"].values():
        assert channel.keys() <= {"address", "parameters", "messages"}
        assert set(re.findall(r"{(\w+)}", channel["address"])) == channel.get("parameters", {}).keys()
    for operation in DOCUMENT["operations"].values():
        assert operation.keys() <= {"action", "channel", "summary", "bindings", "reply"}
        assert operation["action"] in {"send", "receive"}
        assert operation["channel"]["$ref"].startswith("#/channels/")
    for message in DOCUMENT["components"]["messages"].values():
        assert message["payload"]["$ref"].startswith("#/components/schemas/")


def test_each_topic_of_the_wire_is_a_channel():
    leaves = {channel["address"].rsplit("/", 1)[1] for channel in DOCUMENT["channels"].values()}

    assert leaves == {str(leaf) for leaf in KINDS}
    assert DOCUMENT["channels"]["hubState"]["address"] == HUB_STATE
    assert all(channel["address"].startswith(ROOT + "/") for channel in DOCUMENT["channels"].values())


def test_what_one_side_sends_the_other_receives_alike():
    for name, operation in DOCUMENT["operations"].items():
        if operation["action"] == "send":
            sender, channel = re.match(r"(kiosk|hub)Sends(\w+)", name).groups()
            receiver = {"kiosk": "hub", "hub": "kiosk"}[sender]

            other = DOCUMENT["operations"][f"{receiver}Receives{channel}"]

            assert other["channel"] == operation["channel"]
            assert other["bindings"] == operation["bindings"]


def test_qos_and_retention_are_those_of_the_protocols_table():
    page = (HERE.parents[1] / "docs" / "protocol.md").read_text(encoding="utf-8").replace(".../", "{kiosk}/")
    for name, operation in DOCUMENT["operations"].items():
        ends = "/".join(target_of(operation["channel"]["$ref"])["address"].split("/")[-2:]) + "`"
        line = next(line for line in page.splitlines() if line.startswith("| `") and ends in line)
        said = target_of(operation["bindings"]["$ref"])["mqtt"]

        assert f"| {said['qos']}, {'yes' if said['retain'] else 'no'} |" in line, name


@pytest.mark.parametrize("stem", GOLDEN)
def test_a_golden_message_fits_its_schema(stem):
    schema = SCHEMAS[stem.split("-")[0]]

    assert [fault.message for fault in VALIDATORS[schema].iter_errors(GOLDEN[stem])] == []


def test_every_kind_of_message_has_a_golden_one():
    assert {SCHEMAS[stem.split("-")[0]] for stem in GOLDEN} == set(MESSAGES)


@given(messages)
def test_whatever_the_wire_writes_fits_its_schema(message):
    body = json.loads(encode(message))

    assert [fault.message for fault in VALIDATORS[type(message).__name__].iter_errors(body)] == []


@pytest.mark.parametrize(("schema", "field", "value"), [(s, f, v) for s, each in SPOILED.items() for f, v in each])
def test_a_spoiled_message_fits_no_more(schema, field, value):
    body = golden_of(schema)
    body[field] = value

    assert not VALIDATORS[schema].is_valid(body)


@pytest.mark.parametrize("schema", MESSAGES)
def test_a_message_without_one_of_its_required_fields_fits_no_more(schema):
    for field in DOCUMENT["components"]["schemas"][schema]["required"]:
        body = golden_of(schema)
        del body[field]

        assert not VALIDATORS[schema].is_valid(body), field


@pytest.mark.parametrize("index", range(len(golden_of("Journal")["records"])))
@pytest.mark.parametrize("spoiled", [{"seq": 0}, {"at": "1970"}, {"clock": "right"}, {"boot": 1}, {"mono_ms": None}])
def test_a_spoiled_record_fits_no_more(index, spoiled):
    body = golden_of("Journal")
    body["records"][index] |= spoiled

    assert not VALIDATORS["Journal"].is_valid(body)


def test_only_stepping_out_names_the_leave_it_turns_round():
    body = golden_of("Journal")
    arrive = next(record for record in body["records"] if record.get("action") == "arrive")
    arrive["of"] = 1

    assert not VALIDATORS["Journal"].is_valid(body)
