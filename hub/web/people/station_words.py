"""Stations as people say them into a field, by code or by name, as codes."""

from collections import defaultdict

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.asker import Who
from hub.database.tables import Station
from hub.rights import Reach, Right
from hub.typed.cells import parts
from hub.web.kit.forms import Form

FIELD = "stations"


def stations_in(text: str) -> frozenset[str]:
    """The words of the field."""
    return frozenset(parts(text))


def with_codes(connection: Connection, who: Who, form: Form) -> Form:
    """The form with codes for names; a word that names no station of theirs, or several, stays for a refusal."""
    named = defaultdict[str, set[str]](set)
    places = connection.execute(select(col(Station.code), col(Station.district), col(Station.kind)))
    theirs = {code for code, district, kind in places if who.may(Right.PEOPLE, Reach(district, kind, code))}
    called = connection.execute(select(col(Station.code), col(Station.name), col(Station.short_name)))
    for code, *names in called:
        if code in theirs:
            for name in names:
                named[name].add(code)
    words = parts(form.text(FIELD))
    meant = [next(iter(named[word])) if word not in theirs and len(named[word]) == 1 else word for word in words]
    return Form(form.typed | {FIELD: " ".join(dict.fromkeys(meant))}, form.wrong) if words else form
