"""How wide text is on a display of fixed width, where a Chinese character takes two columns."""

from unicodedata import east_asian_width


def width(text: str) -> int:
    """Columns that the text takes."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def cut(text: str, columns: int) -> str:
    """As much of the text as so many columns hold."""
    while width(text) > columns:
        text = text[:-1]
    return text
