"""安装卡: one printed page for who puts a kiosk up, without keyboard, screen and internet. Pure.

It says what to plug where, what the lamp then shows, and whom to call. It holds nothing secret.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from hub.fleet.card_signals import ARRIVED, LEFT, NEXT, SIGNALS, WARNING, lights_of, signal_told
from hub.fleet.wiring import GROUND, POWER, Fitted, FittedAnswers, Sounding, WiredPin, answering_of, wires_of

STEPS: Final = (
    ("card", "断电，插入存储卡", "用中心给的那一张。另给了 U 盘（CIDATA）的，一起插上，装好再拔。"),
    ("reader", "接读卡器、灯和蜂鸣器", "读卡器接 USB 口，插紧。{wired}"),
    ("cable", "接网线", "没有网也能装，先用，网通了自动上传。"),
    ("power", "接电源，等三分钟", "第一次开机会自己安装，中途不要断电；断了就再通电，它会接着装。"),
    ("tap", "刷一张志愿者卡", "{tapped}"),
    (
        "call",
        "打电话，请中心开始验收",
        "{next}依次：刷卡，拔网线，刷卡，插网线，断电再通电，刷卡。",
    ),
)
_COLOURS: Final = {
    "green": "#0a8f3c",
    "blue": "#1560bd",
    "yellow": "#e0a800",
    "red": "#c62828",
    "cyan": "#00a5b5",
    "white": "#fff",
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
_USUAL: Final = Fitted()
_WIRED: Final = "灯和蜂鸣器按右图接到针上。"
_PLUGGED: Final = "灯和音箱有的话，各插各的口。"
_STYLE: Final = """\
@page { size: A4; margin: 10mm }
body { font: 10.5pt/1.35 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #111 }
h1 { font-size: 20pt; margin: 0 } h2 { font-size: 13pt; margin: 3mm 0 1mm } p { margin: 1mm 0 }
ol { list-style: none; margin: 0; padding: 0 } li { display: flex; gap: 5mm; align-items: center; margin: 1mm 0 }
li b { font-size: 13pt } svg { flex: none; fill: none; stroke: #111; stroke-width: 2.5 }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #888; padding: .6mm 2mm }
td, th { text-align: left; font-size: 9.5pt; line-height: 1.25 }
td:first-child { white-space: nowrap }
.do { display: flex; gap: 4mm; justify-content: space-between } .do > svg { margin-top: -6mm }
.do text { font-size: 11px; fill: #111; stroke: none }
.lamp { stroke-width: 1; margin-right: 1.5mm; vertical-align: -.7mm }
.call { border: 2px solid #111; padding: 2mm; margin-top: 3mm; font-size: 13pt }
"""


def spell_setup_card(kiosk: str, station: str, entrance: str, call: str, fitted: Fitted = _USUAL) -> str:
    """The page, HTML that needs nothing beside it.

    Args:
        kiosk: its id.
        station: the station's name.
        entrance: where at the station; empty where there is one.
        call: whom to call; empty for a line to write it on.
        fitted: what it has; the page speaks of no other lamp, and of no other sound.
    """
    wires, answering = wires_of(fitted), answering_of(fitted)
    words = {"wired": _WIRED if wires else _PLUGGED, "tapped": _tapped(answering), "next": _next(answering)}
    steps = "".join(
        f'<li><svg width="46" height="46" viewBox="0 0 64 64" role="img" aria-label="{title}">{_DRAWN[drawn]}</svg>'
        f"<div><b>{number}. {title}</b><p>{text.format(**words)}</p></div></li>\n"
        for number, (drawn, title, text) in enumerate(STEPS, 1)
    )
    rows = "".join(
        f"<tr><td>{_lamps(lights)}{seen}</td><td>{means}</td><td>{do}</td></tr>\n"
        for lights, seen, means, do in _lines(answering)
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
<h2>{_heading(answering)}</h2>
<table><tr><th>灯和声</th><th>意思</th><th>怎么办</th></tr>
{rows}</table>
<p class="call">有问题请找：<b>{escape(call) or "________________________"}</b></p>
</html>
"""


def _heading(answering: FittedAnswers) -> str:
    seen, heard = bool(answering.colours), answering.sound is not Sounding.NOT
    return {(True, True): "刷卡后看灯、听声", (True, False): "刷卡后看灯", (False, True): "刷卡后听声"}.get(
        (seen, heard), "没有灯也没有声音：刷卡后打电话，问中心收到没有"
    )


def _tapped(answering: FittedAnswers) -> str:
    arrived, left, warning = (signal_told(signal, answering) for signal in (ARRIVED, LEFT, WARNING))
    if not arrived:
        return "这台终端没有灯也没有声音：下一步打电话时，问中心收到没有。"
    return f"{arrived}：装好了。再刷一次（等 5 秒）是离岗：{left}；或{warning}。"


def _next(answering: FittedAnswers) -> str:
    seen = signal_told(NEXT, answering)
    return f"{seen}：做下一步。" if seen else ""


def _lines(answering: FittedAnswers) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Which lights, what is seen and heard, what that means, and what to do."""
    for signal in SIGNALS:
        if seen := signal_told(signal, answering):
            yield lights_of(signal, answering), seen, signal.means, signal.do
    yield ("green",), "电路板上的小绿灯一直快闪", "没有装成", "打电话，说终端编号"
    seen, heard = "没有灯" if answering.colours else "", "不响" if answering.sound is not Sounding.NOT else ""
    if seen or heard:
        means = "没有装上，或没有读到卡" if answering.colours else "没有装上，或没有记录"
        yield (), "，".join(filter(None, (seen, heard))), means, "再等三分钟；查读卡器的线和电源；不行就打电话"


def _lamps(colours: Sequence[str]) -> str:
    """Drawn, since browsers print no backgrounds unless somebody asks them to."""
    shining = (
        "".join(
            f'<circle cx="{8 + 9 * number}" cy="8" r="7" fill="{_COLOURS[colour]}"/>'
            for number, colour in enumerate(colours)
        )
        or '<circle cx="8" cy="8" r="7" stroke-dasharray="2 2"/>'
    )
    width = 16 + 9 * max(0, len(colours) - 1)
    return f'<svg class="lamp" width="{width}" height="16" viewBox="0 0 {width} 16" aria-hidden="true">{shining}</svg>'


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
