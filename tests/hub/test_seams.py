"""The hub tells at its start whether paho is still the one that it reaches into."""

import ast
import inspect

import paho.mqtt.client as mqtt
import pytest

from hub.link import wire_client
from hub.link.wire_client import SEAMS, SeamsMovedError, check_seams


def test_the_paho_of_the_lock_has_every_seam() -> None:
    check_seams(mqtt.Client(mqtt.CallbackAPIVersion.VERSION2))


def test_a_paho_without_a_seam_is_refused_by_name() -> None:
    class OtherPaho:
        """As it might become."""

    for name in SEAMS - {"_in_packet"}:
        setattr(OtherPaho, name, None)

    with pytest.raises(SeamsMovedError, match="has no _in_packet; wanted is"):
        check_seams(OtherPaho())


def test_no_other_private_name_of_paho_is_used() -> None:
    """Each costs a look at every new paho: the two that are kept pay for it (`python -m tests.bench seam`)."""
    theirs = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    tree = ast.parse(inspect.getsource(wire_client))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr.startswith("_")}

    assert {name for name in used if hasattr(theirs, name)} - {"__init__"} == SEAMS
