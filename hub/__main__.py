"""`zaigang-hub`: which commands there are."""

import sys
from typing import Final

from hub.chinese_help import HELP
from station.terminal import TerminalProgram

COMMANDS: Final = {
    "serve": ("hub.verbs.serve", "take in what kiosks send, and show the board"),
    "import": ("hub.verbs.import_sheets", "take stations, kiosks, volunteers and cards from spreadsheets"),
    "undo-import": ("hub.verbs.undo_import", "take an import back as a whole, or list those that can be"),
    "export": ("hub.verbs.export_sheets", "write what is entered as a workbook in the columns of an import"),
    "card": ("hub.verbs.card", "report a card lost or found, give it to somebody, or take it back"),
    "amend": ("hub.verbs.amend", "correct taps: take one out, add one, move one, accept one as it is"),
    "person": ("hub.verbs.person", "let somebody leave or come back, note what they agree to, or erase them"),
    "telephone": (
        "hub.verbs.telephone",
        "keep the telephone number of a station, its lead or a volunteer who agreed, or take it away",
    ),
    "station": ("hub.verbs.station", "close a station for good, open it again, or change how many must be there"),
    "calendar": (
        "hub.verbs.calendar",
        "show a station's days ahead; change hours, special days and limits of one or many",
    ),
    "holidays": (
        "hub.verbs.holidays",
        "show the country's holidays and make-up workdays, or enter the notice of a year",
    ),
    "key": ("hub.verbs.key", "give the city another site key, or see how far that is"),
    "kiosk": ("hub.verbs.kiosk", "set kiosks up, list them, revoke one that was stolen, take one out of service"),
    "ca": ("hub.verbs.ca", "make the site's CA, and the broker's certificate"),
    "broker": ("hub.verbs.broker", "write the files of the broker, Mosquitto"),
    "doctor": ("hub.verbs.doctor", "look at everything that the hub needs, and say what to do"),
    "user": ("hub.verbs.user", "invite somebody to sign in, list who may, or end an account"),
    "channel": ("hub.verbs.channel", "say who is told when a station lacks somebody, and by what"),
    "alarm": ("hub.verbs.alarm", "show what stations lack, and say who looks after it"),
    "history": ("hub.verbs.history", "show who changed what of the city, when and why"),
    "update": ("hub.verbs.update", "say which version kiosks run, and see how far they are with it"),
    "import-journal": (
        "hub.verbs.import_journal",
        "take in records that were carried by hand from a kiosk without a line",
    ),
    "export-day": ("hub.verbs.export_day", "write a station's day as records, to be played again"),
    "migrate": ("hub.verbs.migrate", "bring the database's tables up to this version"),
    "copy": ("hub.verbs.copy_hub", "move the hub to another database, with everything in it"),
    "rebuild": ("hub.verbs.rebuild", "make the ledger anew from the records, or check it against them"),
}
PROGRAM: Final = TerminalProgram(
    "zaigang-hub",
    "The centre: who is on duty at every volunteer station, now.",
    "zaigang-hub serve --config /etc/zaigang/hub.toml",
    "hub",
    COMMANDS,
    HELP,
    "hub.guarding",
)
main = PROGRAM.main

if __name__ == "__main__":
    sys.exit(main())
