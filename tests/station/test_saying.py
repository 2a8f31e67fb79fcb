"""Sentences with facts, and what is told of them."""

from typing import NamedTuple

import pytest

from station.saying import say, tell

SENTENCES = {"no room at {place} for {what}": "{place}放不下{what}", "the {n:chair|chairs}": "椅子"}


class Place(NamedTuple):
    house: str
    floor: int

    def __str__(self) -> str:
        return f"{self.house}/{self.floor}"


@pytest.mark.parametrize(("is_chinese", "comma"), [(False, ", "), (True, "，")])
def test_several_are_told_one_after_another(is_chinese: bool, comma: str) -> None:
    for several in (["a", "b"], ("a", "b")):
        assert f"a{comma}b" in tell(say("no room at {place} for {what}", place="X", what=several), SENTENCES,
                                    is_chinese=is_chinese)  # fmt: skip


@pytest.mark.parametrize("is_chinese", [False, True])
def test_one_thing_of_several_parts_is_told_as_itself(is_chinese: bool) -> None:
    said = say("no room at {place} for {what}", place=Place("north", 2), what="it")

    assert "north/2" in tell(said, SENTENCES, is_chinese=is_chinese)


def test_of_one_it_has_another_form() -> None:
    assert [say("the {n:chair|chairs}", n=n) for n in (0, 1, 2)] == ["the chairs", "the chair", "the chairs"]
