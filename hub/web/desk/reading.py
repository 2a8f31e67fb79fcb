"""What was typed into fields, as commands take it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from hub.accounts.asker import Who
from hub.changing.effects import spell_found
from hub.saying import say
from hub.typed import cells
from hub.typed.hours_text import AskedHours, read_day_hours, read_hours
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit
from hub.web.kit.words import _
from station.hours import Spans

LARGEST = 99


@dataclass(frozen=True, slots=True)
class Typed:
    """A form's fields, read, and who sent it; `wrong` gathers what cannot be."""

    who: Who
    form: Form
    kit: Kit
    wrong: dict[str, str] = field(default_factory=dict)

    def again(self, refused: dict[str, str] | None = None) -> Form:
        """The form with what cannot be beside its fields; else with what is `refused`."""
        return Form(self.form.typed, self.wrong or refused or {}, is_refused=not self.wrong)

    def text(self, name: str, read: Callable[[str], str] = cells.text) -> str:
        """A text, by the rule that an import reads it by; empty where nothing was typed."""
        typed = self.form.text(name)
        if not typed:
            return ""
        try:
            return read(typed)
        except cells.CellError as exc:
            self.wrong[name] = self._wanted(exc.wanted)
            return ""

    def needed(self, name: str, read: Callable[[str], str] = cells.text) -> str:
        """A text that must not be empty."""
        if not self.form.text(name):
            self.wrong[name] = self.kit.gettext(_("请填写。"))
        return self.text(name, read)

    def choice(self, name: str, words: Iterable[str]) -> str:
        """One of these words; empty where nothing was chosen. A page offers them, and a program may say anything."""
        chosen, known = self.form.text(name), list(words)
        if chosen and chosen not in known:
            self.wrong[name] = self._found(name, say("one of {words}", words=known))
        return chosen

    def note(self, name: str) -> str:
        """What somebody says in their own words; empty where nothing was typed."""
        return self.text(name, cells.note)

    def day(self, name: str) -> date | None:
        """A day; None where nothing was typed."""
        if not self.form.text(name):
            return None
        try:
            return cells.day(self.form.text(name))
        except cells.CellError as exc:
            self.wrong[name] = self._found(name, exc.wanted)
            return None

    def number(self, name: str) -> int | None:
        """A whole number from 1 on; None where nothing was typed."""
        text = self.form.text(name)
        if not text:
            return None
        if text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST)) and int(text) >= 1:
            return int(text)
        self.wrong[name] = self.kit.gettext(_("请填 1 到 {n} 的整数。")).format(n=LARGEST)
        return None

    def hours(self, name: str) -> AskedHours | None:
        """Opening hours; None where nothing was typed."""
        if not self.form.text(name):
            return None
        try:
            return read_hours(self.form.text(name))
        except cells.CellError as exc:
            self.wrong[name] = self._found(name, exc.wanted)
            return None

    def day_hours(self, name: str) -> Spans:
        """Opening hours of one day; closed where nothing was typed."""
        try:
            return read_day_hours(self.form.text(name)) if self.form.text(name) else ()
        except cells.CellError as exc:
            self.wrong[name] = self._found(name, exc.wanted)
            return ()

    def _found(self, name: str, wanted: str) -> str:
        """Of what says nothing of a person; whoever is a program sees no field with it."""
        found = self.kit.told(spell_found(self.form.text(name)))
        return self.kit.gettext(_("现为：{found}；应为：{wanted}")).format(found=found, wanted=self.kit.told(wanted))

    def _wanted(self, wanted: str) -> str:
        return self.kit.gettext(_("应为：{wanted}")).format(wanted=self.kit.told(wanted))
