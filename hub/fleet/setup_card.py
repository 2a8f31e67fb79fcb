"""安装卡: one printed page for who puts a kiosk up, without keyboard, screen and internet. Pure.

It says what to plug where, what the lamp then shows, and whom to call. It holds nothing secret.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from hub.fleet.wiring import GROUND, POWER, WiredPin

STEPS: Final = (
    ("card", "断电，插入存储卡", "卡上要有本文件夹的全部文件。也可用名为 CIDATA 的 U 盘。"),
    ("reader", "接读卡器、灯和蜂鸣器", "读卡器接 USB 口，插紧。{wired}"),
    ("cable", "接网线", "没有网也能装，先用，网通了自动上传。"),
    ("power", "接电源，等三分钟", "第一次开机会自己安装，中途不要断电；断了就再通电，它会接着装。"),
    ("tap", "刷一张志愿者卡", "绿灯常亮，响一声：装好了。再刷一次（等 5 秒）是离岗：蓝灯响两声，或红灯响三声。"),
    (
        "call",
        "打电话，请中心开始验收",
        "青灯闪一下、响一短一长：做下一步。依次：刷卡，拔网线，刷卡，插网线，断电再通电，刷卡。",
    ),
)
SIGNALS: Final = (
    ("green", "绿灯常亮，响一声", "上岗，已记录", "装好了"),
    ("blue", "蓝灯常亮，响两声", "离岗，已记录", "装好了"),
    ("red", "红灯闪一下，响三声", "离岗，已记录；提醒人手不够", "装好了"),
    ("yellow", "黄灯常亮，响三声", "新卡，已记录", "装好了；请站长登记这张卡"),
    ("yellow", "黄灯闪三下，不响", "不是志愿者卡", "换一张卡再刷"),
    ("red", "红灯闪三下，不响", "没有记录", "断电，等十秒，再通电；不行就打电话"),
    ("cyan", "青灯闪一下，响一短一长", "验收：请做下一步", "按第 6 步的顺序做"),
    ("red", "红灯闪两下，响长短长", "验收：这一步有问题", "查读卡器和网线的插头；不行就打电话"),
    ("green", "绿灯闪三下，响短长短", "验收通过", "可以走了"),
    ("blue", "蓝灯闪四下，响长长短", "记录已写入 U 盘（ZAIGANG-OUT）", "拔下 U 盘，带到中心"),
    ("green", "电路板上的小绿灯一直快闪", "没有装成，什么也没有改动", "打电话，说终端编号"),
    ("none", "没有灯，不响", "没有读到卡", "查读卡器的线和电源；不行就打电话"),
)
_COLOURS: Final = {
    "green": "#0a8f3c",
    "blue": "#1560bd",
    "yellow": "#e0a800",
    "red": "#c62828",
    "cyan": "#00a5b5",
    "none": "#fff",
}
_DRAWN: Final = {
    "card": '<rect x="14" y="8" width="36" height="48" rx="4"/><path d="M22 8v12M30 8v12M38 8v12"/>',
    "reader": '<rect x="8" y="20" width="32" height="26" rx="4"/><path d="M40 33h16M18 28q8 5 0 10M24 25q12 8 0 16"/>',
    "cable": '<rect x="20" y="8" width="24" height="24" rx="2"/><path d="M26 8v8M32 8v8M38 8v8M32 32v24"/>',
    "power": '<path d="M24 6v14M40 6v14M16 20h32v10a16 16 0 0 1-32 0zM32 46v12"/>',
    "call": '<path d="M16 10l8-2 6 14-6 5q4 9 13 13l5-6 14 6-2 8q-4 8-14 5Q20 46 11 24q-3-10 5-14z"/>',
    "tap": '<rect x="6" y="24" width="28" height="20" rx="3"/><path d="M40 24q10 10 0 20M47 18q16 16 0 32"/>',
}
PARTS: Final = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "blue": "蓝灯", "sound": "蜂鸣器"}
_WIRED: Final = "灯和蜂鸣器按右图接到针上。"
_PLUGGED: Final = "灯和音箱有的话，各插各的口。"
_STYLE: Final = """\
@page { size: A4; margin: 10mm }
body { font: 10.5pt/1.35 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #111 }
h1 { font-size: 20pt; margin: 0 } h2 { font-size: 13pt; margin: 3mm 0 1mm } p { margin: 1mm 0 }
ol { list-style: none; margin: 0; padding: 0 } li { display: flex; gap: 5mm; align-items: center; margin: 1mm 0 }
li b { font-size: 13pt } svg { flex: none; fill: none; stroke: #111; stroke-width: 2.5 }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #888; padding: .6mm 2mm }
td, th { text-align: left; font-size: 10pt }
td:first-child { white-space: nowrap }
.do { display: flex; gap: 4mm; justify-content: space-between } .do > svg { margin-top: -6mm }
.do text { font-size: 11px; fill: #111; stroke: none }
.lamp { display: inline-block; width: 5mm; height: 5mm; border-radius: 50%; border: 1px solid #111; margin-right: 2mm }
.call { border: 2px solid #111; padding: 2mm; margin-top: 3mm; font-size: 13pt }
"""


def spell_card(kiosk: str, station: str, entrance: str, call: str, wires: Sequence[WiredPin] = ()) -> str:
    """The page, HTML that needs nothing beside it.

    Args:
        kiosk: its id.
        station: the station's name.
        entrance: where at the station; empty where there is one.
        call: whom to call; empty for a line to write it on.
        wires: what is on the board's pins.
    """
    steps = "".join(
        f'<li><svg width="52" height="52" viewBox="0 0 64 64" role="img" aria-label="{title}">{_DRAWN[drawn]}</svg>'
        f"<div><b>{number}. {title}</b><p>{text.format(wired=_WIRED if wires else _PLUGGED)}</p></div></li>\n"
        for number, (drawn, title, text) in enumerate(STEPS, 1)
    )
    rows = "".join(
        f'<tr><td><span class="lamp" style="background:{_COLOURS[lamp]}"></span>{seen}</td>'
        f"<td>{means}</td><td>{do}</td></tr>\n"
        for lamp, seen, means, do in SIGNALS
    )
    where = escape(f"{station} {entrance}".strip())
    return f"""\
<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>安装卡 {escape(kiosk)}</title><style>{_STYLE}</style>
<h1>在岗终端 安装卡</h1>
<p>站点：<b>{where}</b>　终端编号：<b>{escape(kiosk)}</b></p>
<p>本卡和存储卡只用于这一台终端，不要装到别处。</p>
<h2>怎么装</h2>
<div class="do"><ol>
{steps}</ol>{_header(wires) if wires else ""}</div>
<h2>刷卡后看灯、听声</h2>
<table><tr><th>灯和声</th><th>意思</th><th>怎么办</th></tr>
{rows}</table>
<p class="call">有问题请找：<b>{escape(call) or "________________________"}</b></p>
</html>
"""


def _header(wires: Sequence[WiredPin]) -> str:
    """The board's 40 pins, seen with the memory card's end up and the pins on the right side."""
    drawn = []
    named = {POWER: ("电源（3.3 V）", "#fff"), GROUND: ("地线（GND）", "#111")}
    named |= {wire.pin: (PARTS[wire.part], _COLOURS.get(wire.part, "#8a6d3b")) for wire in wires}
    for pin in range(1, 41):
        row, is_right = (pin - 1) // 2, pin % 2 == 0
        x, y = 110 + 15 * is_right, 32 + 15 * row
        name, fill = named.get(pin, ("", "#fff"))
        drawn.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{fill}" stroke-width="1"/>')
        if name:
            where, anchor = (x + 16, "start") if is_right else (x - 16, "end")
            drawn.append(f'<text x="{where}" y="{y + 4}" text-anchor="{anchor}">{pin} {name}</text>')
    return (
        '<svg width="200" height="336" viewBox="0 0 200 336" role="img" aria-label="接线图">'
        '<text x="10" y="12">接线图：存储卡一端朝上，针在右边</text>'
        f'<rect x="100" y="20" width="36" height="309" rx="3" stroke-width="1.5"/>{"".join(drawn)}</svg>'
    )
