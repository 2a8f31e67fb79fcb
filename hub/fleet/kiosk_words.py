"""What kiosks say of commands, in Chinese: on the wire it is English, with facts in it.

What is not listed stays as it came.
"""

import re
from collections.abc import Iterator
from string import Formatter
from typing import Final

CHINESE: Final = {
    "interrupted": "做到一半断电或程序结束了",
    "expired": "已过期",
    "unknown command {name}": "终端程序太旧，不会“{name}”",
    "nothing can be stored here now": "终端现在不能保存",
    "the disk takes nothing": "终端的存储写不进去",
    "failed; see the kiosk's log": "出错，请取回运行日志",
    "{count} lines": "{count} 行",
    "this kiosk comes to its broker without a certificate": "这台终端不用证书连接",
    "the kiosk is revoked": "终端已吊销",
    "the key is sealed to another certificate": "密钥是按另一张证书封的，终端打不开",
    "this hub has no CA": "中心没有证书机构",
    "taken back: the agent or the power ended before they proved themselves": "已退回原来的配置：试用中断电或程序结束",
    "taken back: {why} within {minutes} minutes": "已退回原来的配置：{minutes} 分钟内{why}",
    "the hub did not answer": "中心没有回答",
    "a reader did not answer": "读卡器没有回答",
    "others are on trial; ask again when they are held or taken back": "另一份配置正在试用，请等它结束再试",
    "open": "站点开放，稍后再试",
    "failed: {why}": "{why}",
    "not now: {why}": "稍后再试：{why}",
    "it is at work already": "已是这个版本",
    "its agent does not start": "程序起不来",
    "the journal does not open": "记录打不开",
    "the reader does not answer": "读卡器没有回答",
    "its agent runs, and says nothing of how it is": "程序在运行，但没有说明情况",
    "its agent ended more than {times} times": "程序中断了 {times} 次以上",
    "the journal does not open any more": "记录后来打不开了",
    "the reader does not answer any more": "读卡器后来没有回答",
    "the hub does not settle": "中心没有确认记录",
    "the hub was out of reach all the while": "期间一直连不上中心",
    "the disk takes nothing: {why}": "终端的存储写不进去（{why}）",
    "the updater was ended in the middle of it, {times} times": "更新 {times} 次都中途停止",
    "the updater failed, {why}": "更新程序出错（{why}）",
    "another was wanted meanwhile": "这期间要装的是另一版",
    "the machine did not stay up with it, {times} times": "{times} 次都没能开机稳定",
    "version {version} did not prove itself: {why}; {was} is back at work": (
        "{version} 版没有通过：{why}；已退回 {was} 版"
    ),
    "{why}; {was} is back at work": "{why}；已退回 {was} 版",
    "what is offered is signed by another key than what is installed; install it by hand": (
        "更新包由别的密钥签名，请到现场安装"
    ),
    "what is offered was said too long ago; copy it anew at the hub": "U 盘上的更新过期了，请在中心重新复制",
    "nothing can be fetched: {why}": "取不到更新：{why}",
    "what is offered cannot be believed: {why}": "更新不可信：{why}",
    "what is offered was said too long ago for the clock here, which says {today}": (
        "终端的时钟不对（显示 {today}），更新看来已过期"
    ),
    "the hub says less than it has said before; offer the version there once more": (
        "中心恢复过备份，请在中心再提供一次这个版本"
    ),
    "what is offered is older than what this kiosk has seen; copy it anew at the hub": (
        "U 盘上的更新比终端见过的旧，请在中心重新复制"
    ),
    "what is offered is not what the hub signed; copy it again": "更新包不是中心签名的内容，请重新复制",
    "what is offered is of another hub than this kiosk's": "更新是别的中心的",
    "this kiosk's certificate cannot be used: {why}": "终端的证书不能用（{why}）",
    "this kiosk has never heard from its hub whom to believe; update it once over the line": (
        "终端还没有从中心得到更新的密钥，请先用网络更新一次"
    ),
    "{version} is offered meanwhile, and {wished} was asked for": "中心已改为提供 {version} 版，要装的是 {wished} 版",
    "what was noted of its trial cannot be read": "试用的记录读不出来",
    "its own updater does not begin, so none could come after it": "它的更新程序起不来，以后无法再更新",
    "{version}: its own updater does not begin, so none could come after it": (
        "{version} 版的更新程序起不来，以后无法再更新"
    ),
    "{was} could not go back to the journal of {version}; a version between them comes first": (
        "试用 {version} 版若退回，{was} 版读不了它的记录文件；请先装两者之间的版本"
    ),
    "{version} cannot open the journal of {was}, and would record nothing": (
        "{version} 版读不了 {was} 版的记录文件，装了也不能记录"
    ),
    "{version} cannot open this kiosk's journal, which a later version made, and would record nothing": (
        "{version} 版读不了这台终端的记录文件（由更新的版本写成），装了也不能记录"
    ),
    "{folder} holds no update; wanted is the folder zaigang-update that zaigang-hub update copy wrote": (
        "文件夹 {folder} 里没有更新；应为 zaigang-hub update copy 写出的 zaigang-update 文件夹"
    ),
    "{name} is not offered": "没有提供 {name}",
    "{was} is installed, and {version} is older; --older takes it all the same": "已装 {was} 版，{version} 版更旧",
    "{was} is installed, and {version} is older": "已装 {was} 版，{version} 版更旧",
    "the disk is full: {free} MiB are free, {wanted} MiB are wanted; nothing was changed": (
        "存储已满：剩余 {free} MiB，需要 {wanted} MiB；没有改动"
    ),
    "no_card": "没有人刷卡",
    "busy": "正在办另一张卡",
    "random_number": "手机每次号码不同，不能当卡用",
    "not_unique": "这种卡的号码不唯一，不能用",
    "others": "是别人的卡",
    "lost": "是挂失的卡",
}  # fmt: skip


def in_chinese(said: str) -> str:
    """The same in Chinese, as far as it is known."""
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(said)
        if found is not None:
            return chinese.format(**{name: in_chinese(fact) for name, fact in found.groupdict().items()})
    return said


def _spelled(template: str) -> Iterator[str]:
    for text, name, _, _ in Formatter().parse(template):
        yield re.escape(text)
        if name is not None:
            yield f"(?P<{name}>.+)"


_PATTERNS: Final = [(re.compile("".join(_spelled(english))), chinese) for english, chinese in CHINESE.items()]
