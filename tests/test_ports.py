"""The ports that tests use are theirs alone."""

import socket
import subprocess
import sys

from tests import ports
from tests.ports import free_port


def test_no_port_is_given_twice():
    given = [free_port() for _ in range(50)]

    assert len(set(given)) == 50


def test_what_one_process_was_given_no_other_is():
    port = free_port()
    code = f"from tests import ports; print(ports._is_free({port}), ports._hold({port}))"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said == "True False\n"


def test_where_somebody_listens_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert not ports._is_free(taken.getsockname()[1])
