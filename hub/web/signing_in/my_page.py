"""The page 我的, as the routes that change something on it answer with it."""

from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.accounts import read_bound
from hub.accounts.passkeys import MOST, read_passkeys
from hub.accounts.reception import Reception
from hub.presence.board_view import BoardSource
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kits
from hub.web.kit.people_words import ROLE_WORDS
from hub.web.kit.place_names import PlaceNames
from hub.web.kit.responses import page_answer
from hub.web.signing_in import words
from hub.web.signing_in.cookies import place_of_request
from hub.web.signing_in.my_shifts import read_my_shifts
from hub.web.signing_in.speaking import SpeakingPages


class MyPage(SpeakingPages):
    """Makes the page."""

    def __init__(self, kits: Kits, source: BoardSource, reception: Reception, *, has_issuer: bool) -> None:
        super().__init__(kits, source)
        self._has_issuer = has_issuer
        self._reception = reception

    async def answer(
        self, request: Request, form: Form, status: int = 200, template: str = "me.html", **shown: object
    ) -> Response:
        """Answer with it, or with what follows from it."""
        who, view, reception = who_asks(request), self._source.view(), self._reception
        mine = [one for one in reception.roster.sessions.values() if one.account == who.account]
        keys = await reception.read(lambda connection: read_passkeys(connection, who.account))
        bound = await reception.read(read_bound) if self._has_issuer else set()
        today = view.as_of.astimezone(self.kit(request).zone).date()
        shifts = await reception.read(lambda connection: read_my_shifts(connection, who.account, today))
        names = PlaceNames(view)
        html = self.kit(request).page(
            f"signing_in/{template}", view.as_of, rate=view.rate, is_live=False, city=view.city, who=who, here="/me",
            sessions=[one for one in mine if one.is_good(reception.now())], roles=ROLE_WORDS, form=form,
            passkeys=keys, shifts=shifts, has_passkeys=place_of_request(request) is not None,
            needs_code=bool(reception.roster.accounts[who.account].second_key), done_words=words.DONE,
            most_passkeys=MOST, has_issuer=self._has_issuer and place_of_request(request) is not None,
            is_bound=who.account in bound, station_of=names.station, district_of=names.district, **{"done": ""} | shown,
        )  # fmt: skip
        return page_answer(request, html, status)
