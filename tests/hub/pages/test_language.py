"""Which language a request gets, and that the catalogue has every word."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hub import web
from hub.web.kit.language import Language, Phrase, choose, translations

WEB = Path(web.__file__).parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def words_in_use() -> set[str]:
    found = extract_from_dir(WEB, METHODS, keywords={"_": None, "gettext": None})
    return {message for _, _, message, *_ in found if isinstance(message, str)} | words_in_code()


def words_in_code() -> set[str]:
    """Also those within an f-string, which the extractor passes over."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in WEB.rglob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    words = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in {"_", "gettext"})
    return {word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)}


def catalogue() -> dict[str, str]:
    path = WEB / "locale" / "en" / "LC_MESSAGES" / "pages.po"
    with path.open("rb") as stream:
        return {str(message.id): str(message.string) for message in read_po(stream) if message.id}


def templates() -> list[Path]:
    return sorted(WEB.glob("*/templates/*.html"))


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        (None, None, None, Language.ZH),
        (None, None, "fr-FR, de;q=0.5", Language.ZH),
        (None, None, "en-GB,en;q=0.9,zh;q=0.8", Language.EN),
        (None, None, "en;q=0.3, zh-CN;q=0.8", Language.ZH),
        (None, None, "en;q=0", Language.ZH),
        (None, None, "en;q=much", Language.ZH),
        (None, "en", "zh", Language.EN),
        ("zh", "en", "en", Language.ZH),
        ("tlh", None, "en", Language.EN),
    ],
)
def test_what_is_asked_goes_before_what_was_kept_before_what_is_accepted(
    asked: str | None, kept: str | None, accepted: str | None, language: Language
) -> None:
    assert choose(asked, kept, accepted) is language


def test_the_catalogue_holds_exactly_the_words_in_use() -> None:
    assert set(catalogue()) == words_in_use()


def test_every_word_is_translated_with_the_same_places_to_fill() -> None:
    for word, translated in catalogue().items():
        assert translated
        assert sorted(re.findall(r"{\w+}", word)) == sorted(re.findall(r"{\w+}", translated))


PLACES = re.compile(r"{(\w+)}")
NUMBERS = {"n", "all", "kept", "more", "short", "nobody", "few", "none", "people", "shortest", "longest", "most"}
ONE_OF_MANY = re.compile(
    r"\b1 (more )?(?!is\b|was\b|has\b|goes\b|as\b|keeps\b)([a-z]+s|people|are|have|were|keep|lie)\b|\(s\)"
)


def test_of_one_english_speaks_in_the_singular_and_of_two_in_the_plural() -> None:
    for word, translated in catalogue().items():
        said = Phrase(translated).format(**{place: 1 if place in NUMBERS else "…" for place in PLACES.findall(word)})
        assert not ONE_OF_MANY.search(said), said
        assert "|" not in said

    behind = translations(Language.EN).gettext("{n} 台终端落后")
    assert [behind.format(n=n) for n in (0, 1, 2, "1")] == [
        "0 kiosks behind", "1 kiosk behind", "2 kiosks behind", "1 kiosk behind",
    ]  # fmt: skip


def test_words_that_a_script_fills_in_have_one_form() -> None:
    filled = re.findall(r"""data-[a-z]+="{{ _\('([^']*{[^']*)'\) }}""", "".join(map(Path.read_text, templates())))
    assert "还有 {n} 站" in filled
    assert not [word for word in filled if ":" in catalogue()[word]]
