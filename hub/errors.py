"""What can go wrong at the hub, by what the caller does next.

HubError
|-- UnknownStationError    say so to who asked; nothing is broken
|-- StoreTroubleError      settle nothing, try again later (database.transactions)
|-- BackupError            report it, try again later (database.backup)
|-- NotCaughtUpError       say so; check again later (rebuilding)
|-- CellError, UnreadableFileError, ImportRefusedError    tell who imports (importing)
`-- stop: a person must act, and the text says how
    |-- AssetsMissingError    the package was built without what its pages load
    |-- SchemaError           the tables are another version's (database.schema)
    |-- CopyError             (database.copying)
    |-- TakenError            another hub serves this database (database.sole_hub)
    |-- SiteKeyError          (site_key)
    |-- CertificateError      (certificates.cabinet)
    |-- DataDirError          (data_dir)
    |-- PortTakenError        (web.http_server)
    |-- BrokerError           the embedded broker does not come up (link.broker)
    `-- SeamsMovedError       paho is of another build (link.wire_client)
"""


class HubError(Exception):
    """Root of all errors that the hub raises itself."""


class UnknownStationError(HubError):
    """No station has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no station has the code {code!r}")
        self.code = code


class AssetsMissingError(HubError):
    """What the pages load was not fetched when the package was built."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is missing; build the package again with npm or a network at hand: make setup")
        self.path = path
