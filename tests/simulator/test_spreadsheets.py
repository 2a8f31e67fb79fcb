"""The invented city, read by the hub as it reads anybody's spreadsheets."""

from datetime import UTC, datetime

from hub.changing.numbers import Telephones
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.importing.importer import Importer
from hub.register.reading import read_directory
from hub.sealing import Safe
from simulator.city import invent
from simulator.spreadsheets import write_spreadsheets
from station.hours import SHANGHAI
from station.token import token_of

SITE_KEY = bytes(range(32))


def test_the_hub_takes_the_whole_city_and_knows_every_card(tmp_path):
    city = invent(4, 40)
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}", busy_timeout_s=1)
    prepare_schema(engine)
    importer = Importer(
        engine, SITE_KEY, lambda: datetime(2026, 3, 5, tzinfo=UTC), SHANGHAI, "clerk", Telephones(Safe(tmp_path))
    )

    imported = importer.import_files(write_spreadsheets(city, tmp_path))
    with engine.connect() as connection:
        directory = read_directory(connection, SHANGHAI)
    engine.dispose()

    assert imported.warnings == ()
    assert set(directory.stations) == {station.code for station in city.stations}
    assert set(directory.kiosks) == set(city.kiosks())
    assert set(directory.cards) == {
        token_of(SITE_KEY, "iso14443a", card.number) for volunteer in city.volunteers for card in volunteer.cards
    }
