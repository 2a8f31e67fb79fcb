"""What other programs send: strict about fields, and about text that no database keeps."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from hub.register.personal import WITHOUT_NUMBER, tells_a_number
from hub.saying import tell
from hub.typed import cells
from station.tidy import tidy

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates


class AskedBody(BaseModel):
    """The body of a request that may change something."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def refuse_what_no_database_keeps(cls, values: Any) -> Any:
        """Look through all texts, before any of them is read as something else.

        Raises:
            ValueError: one has such a sign in it.
        """
        texts = values.values() if isinstance(values, dict) else ()
        if any(isinstance(text, str) and _UNSTORABLE.search(text) for text in texts):
            raise ValueError("text with NUL or half of a surrogate pair; wanted is text")
        return values


def _own_words(text: str) -> str:
    if tells_a_number(text):
        raise ValueError(f"wanted is {WITHOUT_NUMBER}")
    return text


def _as_a_sheet_takes_it(text: str) -> str:
    try:
        return cells.text(text) if tidy(text) else ""
    except cells.CellError as exc:
        raise ValueError(f"wanted is {tell(exc.wanted, is_chinese=False)}") from exc


SheetText = Annotated[str, AfterValidator(_as_a_sheet_takes_it)]
"""What stands in a sheet as well: what is taken here comes back from there."""
OwnWords = Annotated[str, AfterValidator(_own_words)]
"""What somebody writes in their own words, which is kept for ever."""
