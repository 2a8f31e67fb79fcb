"""What a browser is asked for a passkey, and whether its answer holds (W3C Web Authentication, level 3).

Nothing is kept here. The library is loaded when the first one is wanted: it takes 18 MB. An answer is what anybody
may have sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, TypeVar
from urllib.parse import urlsplit

from hub.errors import HubError

T = TypeVar("T")

CHALLENGE_BYTES: Final = 32
TIMEOUT_MS: Final = 5 * 60_000
"""How long a browser waits for the person, and the hub for the browser."""
LONGEST_ID: Final = 1023  # bytes; Web Authentication, level 3, 7.1
MOST_SIGNS: Final = 16_384  # an answer without attestation is of 1 or 2 KB


class NoPasskeyError(HubError):
    """What came is no answer to what was asked; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passkey holds: it is made for a host, and browsers show it to pages of that origin alone."""

    host: str
    origin: str


def passkey_place(scheme: str, host: str) -> Place | None:
    """Where a request came to, as far as passkeys go: a name over TLS, or this machine; never a bare address.

    Args:
        scheme: as the browser used it.
        host: the Host header, found to be one of the hub's own.
    """
    name = urlsplit(f"//{host}").hostname or ""
    if name != "localhost" and (scheme != "https" or not name or _is_address(name)):
        return None
    return Place(name, f"{scheme}://{host.casefold()}")


@dataclass(frozen=True, slots=True)
class MadePasskey:
    """What a browser made; all in base64url."""

    credential: str
    public_key: str
    uses: int


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    """What an answer says of itself, before it is looked into."""

    credential: str = ""
    owner: str = ""
    """The account's id that the passkey was made for."""
    answer: str = field(default="", repr=False)


def wanted_new(place: Place, account: str, name: str, known: Iterable[str], challenge: str) -> str:
    """Return what a browser is asked to make a passkey by, as JSON.

    Args:
        place: where.
        account: its opaque id, which the passkey keeps.
        name: by which the person knows it among others.
        known: passkeys that the account has: one device makes no second one.
        challenge: in base64url.
    """
    import webauthn  # noqa: PLC0415 -- see above
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_registration_options(
        rp_id=place.host, rp_name="Zaigang 在岗", user_name=name, user_id=account.encode(),
        challenge=webauthn.base64url_to_bytes(challenge), timeout=TIMEOUT_MS,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(webauthn.base64url_to_bytes(one)) for one in known],
    )  # fmt: skip
    return webauthn.options_to_json(options)


def wanted_shown(place: Place, challenge: str) -> str:
    """Return what a browser is asked to show a passkey by, as JSON: any of this place, chosen by the person."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415

    options = webauthn.generate_authentication_options(
        rp_id=place.host, challenge=webauthn.base64url_to_bytes(challenge), timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return webauthn.options_to_json(options)


def check_made(place: Place, answer: str, challenge: str) -> MadePasskey:
    """Return the passkey that was made.

    Raises:
        NoPasskeyError: none was, or not here, not for this challenge, or without looking who the person is.
    """
    import webauthn  # noqa: PLC0415

    found = _sound(
        answer,
        lambda: webauthn.verify_registration_response(
            credential=answer, expected_challenge=webauthn.base64url_to_bytes(challenge), expected_rp_id=place.host,
            expected_origin=place.origin, require_user_verification=True,
        ),
    )  # fmt: skip
    if not 0 < len(found.credential_id) <= LONGEST_ID:
        raise NoPasskeyError(f"a name of {len(found.credential_id)} bytes; wanted are 1 to {LONGEST_ID}")
    credential = webauthn.helpers.bytes_to_base64url(found.credential_id)
    return MadePasskey(credential, webauthn.helpers.bytes_to_base64url(found.credential_public_key), found.sign_count)


def read_shown(answer: str) -> ShownPasskey:
    """Return which passkey an answer says that it is of.

    Raises:
        NoPasskeyError: it says nothing of the kind.
    """
    import webauthn  # noqa: PLC0415

    found = _sound(answer, lambda: webauthn.helpers.parse_authentication_credential_json(answer))
    owner = (found.response.user_handle or b"").decode(errors="replace")
    return ShownPasskey(webauthn.helpers.bytes_to_base64url(found.raw_id), owner, answer)


def check_shown(place: Place, shown: ShownPasskey, challenge: str, public_key: str) -> int:
    """Return how often the passkey was used, as it says itself; 0 for one that does not count.

    Raises:
        NoPasskeyError: it was not shown here, not for this challenge, or without looking who the person is.
    """
    import webauthn  # noqa: PLC0415

    found = _sound(
        shown.answer,
        lambda: webauthn.verify_authentication_response(
            credential=shown.answer, expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=place.host, expected_origin=place.origin, require_user_verification=True,
            credential_public_key=webauthn.base64url_to_bytes(public_key),
            credential_current_sign_count=0,  # who keeps the count looks at it, and tells a copy by it
        ),
    )  # fmt: skip
    return found.new_sign_count


def _sound(answer: str, look: Callable[[], T]) -> T:
    if len(answer) > MOST_SIGNS:
        raise NoPasskeyError(f"an answer of {len(answer)} signs; wanted are {MOST_SIGNS} at most")
    try:
        return look()
    except RecursionError as exc:
        raise NoPasskeyError("an answer that is nested too deep") from exc
    except Exception as exc:  # the library promises no kinds for what is malformed: CBOR, keys, base64, enumerations
        raise NoPasskeyError(f"{type(exc).__name__}: {exc}") from exc


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
