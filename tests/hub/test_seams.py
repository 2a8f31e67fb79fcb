"""The hub tells at its start whether paho is still the one that it reaches into."""

import paho.mqtt.client as mqtt
import pytest

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
