"""One thing that a form of a page does, as the API takes it and what it tells of it. The tables of them are beside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, Field, create_model

from hub.web.api.answers import Answer
from hub.web.api.asked import AskedBody

LONGEST: Final = 60_000  # signs in one field; a form as a whole has 64 KB
FormShown = Mapping[str, Any]


class Takes(NamedTuple):
    """A field."""

    said: str
    kind: type = str
    is_needed: bool = True


def text(said: str) -> Takes:
    """A text that must be sent, though it may be empty: what is left out by mistake empties nothing."""
    return Takes(said)


def maybe(said: str) -> Takes:
    """A text that may be left out."""
    return Takes(said, is_needed=False)


def number(said: str) -> Takes:
    """A whole number that may be left out."""
    return Takes(said, int, is_needed=False)


def flag(said: str) -> Takes:
    """What is ticked; not where it is left out."""
    return Takes(said, bool, is_needed=False)


def was(*fields: str) -> dict[str, Takes]:
    """What a program has read of these fields: where somebody has changed one since, nothing is done and it is said."""
    return {f"was-{name}": maybe(f"what `{name}` was when it was read") for name in fields}


class DoneAnswer(Answer):
    """It is done."""

    page: Annotated[str, Field(description="where a person sees it; of what is new, its id stands there")] = ""
    trouble: Annotated[str, Field(description="what else went wrong though it is done; mostly empty")] = ""


def tell_done(shown: FormShown) -> Answer:
    """It is done, and where."""
    return DoneAnswer(page=shown.get("page", ""), trouble=str(shown.get("wrong", "") or ""))


@dataclass(frozen=True, slots=True)
class FormDeed:
    """What a form does.

    Attributes:
        page: the route that its page sends to, as the code spells it.
        does: said of it in the API's description.
        takes: the form's fields.
        act: what stands in the place of `{act}`.
        answer: what it is answered with.
        tells: makes that of what the page would have shown.
        tells_led: the same where the page leads on; `page` says where to.
        blames: what is wrong, beside the fields.
        always: fields that are sent whatever a program says.
        has_files: it takes files (multipart/form-data), as the form does.
        method: of both routes.
    """

    page: str
    does: str
    takes: Mapping[str, Takes] = field(default_factory=dict)
    act: str = ""
    answer: type[Answer] = DoneAnswer
    tells: Callable[[FormShown], Answer] = tell_done
    tells_led: Callable[[FormShown], Answer] = tell_done
    blames: Callable[[FormShown], dict[str, Any]] = lambda _: {}
    always: Mapping[str, str] = field(default_factory=dict)
    has_files: bool = False
    method: str = "POST"

    @property
    def path(self) -> str:
        """The API's address, after its prefix."""
        return self.page.replace("{act}", self.act) if self.act else self.page

    def body(self) -> type[BaseModel] | None:
        """What a program sends; None for nothing."""
        if self.has_files or not self.takes:
            return None
        fields = {name.replace("-", "_"): _field(name, one) for name, one in self.takes.items()}
        words = [part.strip("{}") for part in (*self.path.split("/"), "asked")]
        name = "".join(word.title().replace("-", "") for word in words)
        return create_model(name, __base__=AskedBody, **fields)

    def typed(self, said: Mapping[str, Any]) -> dict[str, str]:
        """The form that a person would have sent."""
        return {name: _typed(value) for name, value in said.items() if value is not None} | dict(self.always)


def _field(name: str, one: Takes) -> Any:
    bound = {"max_length": LONGEST} if one.kind is str else {}
    if one.is_needed:
        return one.kind, Field(alias=name, description=one.said, **bound)  # type: ignore[call-overload]
    return one.kind | None, Field(None, alias=name, description=one.said, **bound)  # type: ignore[call-overload]


def _typed(value: object) -> str:
    return ("1" if value else "") if isinstance(value, bool) else str(value)
