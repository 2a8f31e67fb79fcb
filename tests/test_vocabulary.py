"""One thing has one Chinese word, on kiosk, page, terminal and in the docs: who reads two looks for two things."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORDS = {
    "消息服务器": r"消息代理|消息中间件|代理服务器|MQTT ?服务器|消息服务(?!器)",
    "账号": "帐号|账户|帐户",
    "登录": "登陆|登入",
    "登记册": "登记簿|签到簿|签到本",
    "嘀": "滴",
    "台账": "台帐",
    "提醒": "告警|报警|警报|缺岗通知",
    "站点密钥": "站点钥匙|现场密钥",
    "读卡器": "读头|刷卡器",
    "刷卡": "打卡",
    "志愿者编号": "志愿者号|义工编号",
}
"""By the word, what else it could be called."""
AS_OTHERS_WRITE = {"hub/importing/sheet_forms.py"}
"""Where the words of other people's spreadsheets are read."""
ROOMS = ("deploy", "devices", "docs", "edge", "hub", "simulator", "station")
KINDS = {".md", ".py", ".html", ".js", ".po", ".txt", ".service", ".conf", ""}
PAGES = [
    page
    for page in [*ROOT.glob("*.md"), *(file for room in ROOMS for file in sorted((ROOT / room).rglob("*")))]
    if page.is_file() and page.suffix in KINDS and page.relative_to(ROOT).as_posix() not in AS_OTHERS_WRITE
]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("word", WORDS)
def test_a_thing_is_called_by_its_own_word(word: str) -> None:
    others = re.compile(WORDS[word])
    found = [
        f"{page.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for page in PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if CHINESE.search(line) and others.search(line)
    ]

    assert found == []


def test_words_are_looked_for_where_people_read_them() -> None:
    read = {page.relative_to(ROOT).as_posix() for page in PAGES}

    assert {
        "README.zh-CN.md", "docs/answers.md", "edge/answers.py", "hub/chinese.py", "simulator/chinese.py",
        "hub/web/locale/en/LC_MESSAGES/pages.po", "hub/web/board/templates/pieces.html",
    } <= read  # fmt: skip
