"""Signs by the kiosk's own key, with the machine's openssl: the agent has no library that could.

The key is the one by which the broker knows this kiosk; it stays where it is.
"""

import subprocess
from pathlib import Path

from edge.config import BrokerConfig
from edge.errors import KeyFileError
from edge.site_key import read_secret
from station.saying import say


class Signer:
    """One kiosk's hand.

    Attributes:
        certificate: PEM, by which anybody may verify it.
    """

    def __init__(self, broker: BrokerConfig) -> None:
        """Read who this kiosk is.

        Raises:
            KeyFileError: it has no certificate and key, or they cannot be read.
        """
        if broker.certificate_file is None or broker.key_file is None:
            raise KeyFileError("broker.certificate_file: nothing; wanted are certificate and key, to sign by")
        read_secret(broker.key_file, "broker.key_file")
        self._key: Path = broker.key_file
        try:
            self.certificate = broker.certificate_file.read_bytes()
        except OSError as exc:
            found = f"broker.certificate_file {broker.certificate_file} cannot be read: {exc.strerror}"
            raise KeyFileError(found) from exc

    def sign(self, content: bytes) -> bytes:
        """ECDSA with SHA-256, DER.

        Raises:
            KeyFileError: the key is none, or there is no openssl.
        """
        command = ["openssl", "dgst", "-sha256", "-sign", str(self._key)]
        try:
            done = subprocess.run(command, input=content, capture_output=True, check=True, timeout=60)  # noqa: S603 -- ours
        except (OSError, subprocess.SubprocessError) as exc:
            raise KeyFileError(say("broker.key_file {key}: openssl cannot sign by it", key=self._key)) from exc
        return done.stdout
