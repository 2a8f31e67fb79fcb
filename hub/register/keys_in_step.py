"""Whether site keys and database tell of the same changes: one of them may have been put back from a backup."""

from pathlib import Path

from sqlalchemy import Connection

from hub.register.card_names import read_key_state
from hub.saying import Said, say
from hub.site_key import FILE_NAME, read_other_keys, read_site_key
from station.token import fingerprint_of


def out_of_step(connection: Connection, data_dir: Path) -> Said | None:
    """What is to be done where they do not; None where they do.

    Raises:
        SiteKeyError: a key cannot be read.
    """
    state, others = read_key_state(connection), read_other_keys(data_dir)
    held = fingerprint_of(read_site_key(data_dir / FILE_NAME))
    coming = "" if others.coming is None else fingerprint_of(others.coming)
    if state.coming and state.coming not in {held, coming}:
        return say("the key that was to come is not here; put site-next.key back from a backup")
    if state.coming == held:
        return say("the change of the key was interrupted as it ended: zaigang-hub key finish")
    before = {fingerprint_of(key) for key in others.retired} - {held}
    if state.mark != held and (state.mark in before if state.mark else before):
        return say(
            "the database is of before the change to {mark}; import the list of cards again, or none of them is known",
            mark=held,
        )
    if state.mark not in {"", held}:
        return say(
            "site.key is of before the change to {mark}; put site.key and site-retired.keys back from a newer backup",
            mark=state.mark,
        )
    return None
