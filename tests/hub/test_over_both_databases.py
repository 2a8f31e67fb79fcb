"""A test of the hub that touches a database goes over both kinds, or it is said here why it does not.

A race let two in by one code on PostgreSQL, where transactions go beside each other, while the tests of signing in had
a file alone. `database_url`, `new_database` and `engine` are over both; who opens a database by itself is found here.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOM = Path(__file__).parent
NAMES_ONE = re.compile(
    r"sqlite://|\bfile_url\(|\bsqlite3\.connect\(|\bDATABASE_FILE\b|\bhub_config\(|\bonly_(?:sqlite|postgresql)\w*\b"
    r"|\bparametrize\(\s*\(?[\"'](?:database_url|new_database)[\"']"
)
A_FOLDER, AN_ADDRESS = "ZAIGANG_HUB_DATA_DIR", "ZAIGANG_HUB_DATABASE"
A_FILE = "what is tested is how the file of SQLite is kept, held or copied"
A_PROCESS = "a hub as it is installed, with its file; the same deeds go over both in the rooms that do them"
THE_OTHER = "what PostgreSQL alone has, or both side by side"
WHY = {
    "alarms/test_waiting.py": "which index SQLite takes; of the other, a plan depends on what is in the tables",
    "certificates/test_certificates.py": "no database is opened: certificates are files",
    "conftest.py": "here both are made",
    "database/test_backup.py": A_FILE,
    "database/test_checkpoints.py": A_FILE,
    "database/test_copying.py": THE_OTHER,
    "database/test_dump.py": THE_OTHER,
    "database/test_engine.py": A_FILE,
    "database/test_old_databases.py": "files that were kept; those of the other are made of dumps that were",
    "database/test_pen.py": A_FILE,
    "database/test_rows_together.py": "how many values SQLite takes in one statement",
    "database/test_server_gone.py": THE_OTHER,
    "database/test_sole_hub.py": A_FILE,
    "desks/conftest.py": "rows are worked out once, and put into either",
    "desks/test_in_order.py": "SQLite can be told to turn about what nobody orders",
    "importing/test_command.py": A_PROCESS,
    "importing/test_undoing.py": "a city is imported once a test of many, and compared with itself",
    "intake/test_backed.py": A_FILE,
    "intake/test_settling.py": A_FILE,
    "intake/test_store.py": A_FILE,
    "ledger/bench.py": "one in memory, for thousands of small ledgers of hypothesis; `test_both` has the other",
    "ledger/test_beside_a_hub.py": A_PROCESS,
    "ledger/test_owner.py": A_FILE,
    "running.py": "a hub's settings, for who starts one as it is installed",
    "test_schema.py": "revisions compared once, and others' files",
    "verbs/test_import_doc.py": "nothing is stored: sheets of the document are looked at",
    "verbs/test_verbs.py": "one, where there is no database yet",
    "whole/conftest.py": A_PROCESS,
    "whole/killed.py": A_PROCESS,
    "whole/shared_out.py": THE_OTHER,
    "whole/test_alarms.py": A_PROCESS,
    "whole/test_amending.py": A_PROCESS,
    "whole/test_backing_up.py": A_FILE,
    "whole/test_command.py": "addresses that are refused, and a hub that has lost its file",
    "whole/test_full_disk.py": A_FILE,
    "whole/test_troubles.py": "a file that somebody else holds, and beside it the other",
    "whole/test_two_hubs.py": A_PROCESS,
    "whole/test_whole_way.py": A_PROCESS,
}


def test_who_opens_one_kind_of_database_alone_says_why() -> None:
    found = {
        str(path.relative_to(ROOM))
        for path in ROOM.rglob("*.py")
        if path != Path(__file__) and names_one_kind(path.read_text(encoding="utf-8"))
    }

    assert sorted(found - WHY.keys()) == [], "wanted is `database_url` or `engine` of tests/hub/conftest.py"
    assert sorted(WHY.keys() - found) == [], "they name none any more"


def test_a_module_that_names_a_file_is_found() -> None:
    assert names_one_kind('engine = open_engine(f"sqlite:///{folder / name}")')
    assert names_one_kind("pytestmark = only_sqlite")
    assert names_one_kind(f'patch.setenv("{A_FOLDER}", str(folder))')
    assert not names_one_kind(f'patch.setenv("{A_FOLDER}", str(folder))\npatch.setenv("{AN_ADDRESS}", url)')
    assert not names_one_kind("def test_it(engine: Engine) -> None: ...")


def names_one_kind(text: str) -> bool:
    return bool(NAMES_ONE.search(text)) or (A_FOLDER in text and AN_ADDRESS not in text)
