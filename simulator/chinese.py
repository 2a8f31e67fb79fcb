"""What the simulator's commands say at a terminal, in Chinese, by the English that stands where it is found."""

from typing import Final

_DEMO: Final = {
    "{city}: {stations} stations, {volunteers} volunteers, seed {seed}.\nThe city is entered ...": (
        "{city}：{stations} 个站点，{volunteers} 名志愿者，种子 {seed}。\n正在录入城市……"
    ),
    "the hub starts ...": "中心正在启动……",
    "kiosks: {count} of {all} know their station and cards ...": "终端：{all} 台中有 {count} 台已收到站点和卡……",
    "\n  The board:  {address}\n": "\n  看板：  {address}\n",
    "{at}  {answer}{station}：{said}": "{at}  {station}：{said}",
    "To tap at {kiosk} yourself, type:  {help}": "要在 {kiosk} 亲自刷卡，请输入：  {help}",
    "put: tap with a spare volunteer's card  ·  hold: once on duty, stay to step out  ·  put phone  ·  put NUMBER\n"
    "To sit at the desk (people, cards, corrections, vacancies), type:  desk": (
        "put：用一张备用志愿者卡刷卡  ·  hold：在岗时刷卡不拿开，为临时外出  ·  put phone：手机  ·  put 卡号\n"
        "要试管理人员的工作（志愿者、卡、更正、缺岗），请输入：  desk"
    ),
    "The card is taken away by itself after the beep; `hold` leaves it there.": "嘀声后卡会自动拿开；hold 则一直放着。",
    "From now on the board asks for an account. Open this and choose a password, once:": (
        "从现在起看板要登录。请打开这个链接设置密码（只能用一次）："
    ),
    "{desk}  {link}": "{desk}  {link}",
    "\nIt ends: what is on its way arrives first. Once more ends it at once.": (
        "\n正在结束：先等路上的记录到达。再按一次立即结束。"
    ),
    "Somebody was at the desk, and what they changed was not played: {faults}.": (
        "有人在管理页面改过资料，演示没有照着改：{faults}。"
    ),
}

_REPORT: Final = {
    "{taps} somebody held out a card, and {recorded} that was recorded, with a beep.": (
        "共有 {taps}刷卡，其中 {recorded}已记录并发出嘀声。"
    ),
    "{times} they held on to step out, and it beeped once more.": "其中 {times}刷卡不拿开（临时外出），又响了一声。",
    "once": "1 次",
    "Once": "1 次",
    "{n} times": "{n} 次",
    "A beep promises a record for good: each has one at the hub, none is lost, none is there twice.": (
        "嘀声表示已永久记录：每一声在中心都有记录，没有丢失，没有重复。"
    ),
    "A beep promises a record for good: {lost} have none at the hub, {doubled} are there twice.": (
        "嘀声表示已永久记录：有 {lost} 声在中心没有记录，{doubled} 条重复。"
    ),
    "Nothing new was recorded {times}: {why}.": "有 {times}没有新记录：{why}。",
    "a telephone, or a card that was taken away too early or held out twice": "用的是手机，或卡拿开太早、重复刷卡",
    "The board was compared with what people did in {minutes} {minutes:minute|minutes} of the day, "
    "and was right in each.": "看板与实际逐分钟核对了 {minutes} 分钟，每一分钟都正确。",
    "The board was compared with what people did in {minutes} {minutes:minute|minutes} of the day, "
    "and was right in all but {wrong}.": "看板与实际逐分钟核对了 {minutes} 分钟，其中 {wrong} 分钟不正确。",
    "From the beep to the board it usually took {latency} ms.": "从嘀声到看板通常用时 {latency} 毫秒。",
    "{n} {n:beep has|beeps have} no record at the hub": "{n} 声嘀声在中心没有记录",
    "{n} {n:record|records} at the hub {n:is|are} doubled": "中心有 {n} 条重复记录",
    "{n} {n:record|records} at the hub had no beep": "中心有 {n} 条记录没有嘀声",
    "{n} {n:minute differs|minutes differ} between board and truth": "看板与实际有 {n} 分钟不同",
    "{n} {n:station differs|stations differ} at the end": "结束时有 {n} 个站点不同",
    "{n} {n:answer|answers} surprised somebody": "有 {n} 次应答出人意料",
    "{n} {n:tap|taps} never came to the live board": "有 {n} 次刷卡没有到看板",
    "{n} {n:error was|errors were} logged": "日志里有 {n} 个错误",
    "only {n} {n:minute|minutes} could be compared": "只能核对 {n} 分钟",
    "{taps} {taps:tap|taps}, {beeped} beeped, {surprises} {surprises:answer|answers} surprised somebody": (
        "{taps} 次刷卡，{beeped} 次嘀声，{surprises} 次应答出人意料"
    ),
}

_TYPED: Final = {
    "{text!r} is no time of day; wanted is HH:MM, as 11:10": "{text!r} 不是时刻；应为 时:分，如 11:10",
    "{text} stations; wanted are at most {most}: each has a whole kiosk in this one process. "
    "A larger city is played without a hub: zaigang-sim scenario": (
        "{text} 个站点；最多 {most} 个：每个站点都有一台完整的终端在这一个进程里运行。"
        "不看中心的更大城市，请用 zaigang-sim scenario"
    ),
    "{text} stations; wanted are at most {most}": "{text} 个站点；最多 {most} 个",
    "{text!r}; wanted are at least {least} stations, one of each kind": (
        "{text!r}；至少应有 {least} 个站点，每个类别一个"
    ),
    "{text}; wanted are at most {most}: each has a whole kiosk in this one process, sixty times as fast. "
    "A larger city is played without a board: zaigang-sim scenario": (
        "{text}；最多 {most} 个：每个站点在本程序里都有一台完整的终端，六十倍速运行。"
        "更大的城市请不带看板运行：zaigang-sim scenario"
    ),
    "{text!r}; wanted is HOST:PORT, as 127.0.0.1:1883": "{text!r}；应为 主机:端口，如 127.0.0.1:1883",
    "{text!r}; wanted is a port, 1 to {most}": "{text!r}；应为端口号，1 到 {most}",
    "port {port} cannot be had: {why}; wanted is another, or none": "端口 {port} 不能用：{why}；请换一个，或不写",
    "{path} is no folder, and none can be made there: {why}": "{path} 不是文件夹，也不能在那里新建：{why}",
    "{text}; wanted are seconds, above 0": "{text}；应为秒数，大于 0",
    "{text}; wanted is a whole number from 1": "{text}；应为从 1 起的整数",
    "some kiosks have not been told hours and cards within {seconds:g} s; wanted is a hub that has "
    "imported this very city (--write with the same --stations and --seed)": (
        "有的终端在 {seconds:g} 秒内没有收到服务时间和卡；中心应已导入同一个城市（--write，--stations 和 --seed 相同）"
    ),
    "--site-key is missing; wanted is the hub's file, as in its data directory": (
        "缺少 --site-key；应为中心数据文件夹里的那个文件"
    ),
}

_READER: Final = {
    "zaigang-sim: {why}": "zaigang-sim：{why}",
    "not obeyed: {exc}": "没有执行：{exc}",
    "{order!r} with {more} more; wanted: put CARD, add CARD, take, unplug, power or quit": (
        "{order!r}，后面还有 {more} 项；应为 put 卡、add 卡、take、unplug、power 或 quit"
    ),
    "no such card; wanted: put em4100 NUMBER": "没有这种卡；应为：put em4100 卡号",
    "no such card; wanted: put em4100 NUMBER, put ntag213 NUMBER or put classic NUMBER": (
        "没有这种卡；应为：put em4100 卡号、put ntag213 卡号 或 put classic 卡号"
    ),
    "no such card; wanted: put ntag213 NUMBER, put classic NUMBER, put classic NUMBER KEY or put phone": (
        "没有这种卡；应为：put ntag213 卡号、put classic 卡号、put classic 卡号 密钥 或 put phone"
    ),
    "numbers and keys are written in hex, two digits a byte": "卡号和密钥用十六进制，每字节两位",
}

_CASES: Final = {
    "it cannot be read: {why}": "无法读取：{why}",
    "it is no UTF-8 text": "不是 UTF-8 文本",
    "it is no JSON from line {line}, column {column} on": "从第 {line} 行第 {column} 列起不是 JSON",
    "it is nested too deeply, or has a number that is too long": "嵌套太深，或有过长的数字",
    "wanted is a case as zaigang-hub export-day writes one": "应为 zaigang-hub export-day 写出的案例文件",
    "wanted is a case, as docs/replay.md has it": "应为案例，格式见 docs/replay.md",
    "{where}: {why}; wanted is a correction, as docs/replay.md has it": (
        "{where}：{why}；应为更正，格式见 docs/replay.md"
    ),
    "{why}; {wanted}": "{why}；{wanted}",
    "{where}: {why}": "{where}：{why}",
    "{where}: {why}; {wanted}": "{where}：{why}；{wanted}",
    "{where}: {found}; wanted is {wanted}": "{where}：{found}；应为 {wanted}",
    "{where}: {found}; two of them overlap, wanted are periods apart": "{where}：{found}；有两段重叠，各段应不重叠",
    "{where}: two of them overlap, or one ends before it begins; wanted are stretches apart": (
        "{where}：有两段重叠，或结束早于开始；各段应不重叠"
    ),
    "{where}: {since} stands there twice; wanted is one from each day": "{where}：{since} 出现两次；每天只应有一项",
    "{where}.record: {found}; wanted is a record with its seq, as on the wire": (
        "{where}.record：{found}；应为协议中的记录，带 seq"
    ),
    "{where}.record: a number or a character that JSON does not have; wanted is a record as on the wire": (
        "{where}.record：含有 JSON 没有的数或字符；应为协议中的记录"
    ),
    "{where}.kiosk: {kiosk!r} is not among the kiosks; wanted is one of them": (
        "{where}.kiosk：kiosks 中没有 {kiosk!r}；应为其中之一"
    ),
    "kiosks: station {station!r} is not among the stations; wanted is one of them": (
        "kiosks：stations 中没有站点 {station!r}；应为其中之一"
    ),
    "kiosks.{kiosk}: in service from {since} to {until}; wanted is an end after the beginning": (
        "kiosks.{kiosk}：自 {since} 启用，到 {until} 停用；停用应晚于启用"
    ),
    "the file": "文件",
    "a list": "列表",
    "an object, by name": "按名称排列的对象",
    "an object with {keys}": "对象，含 {keys}",
    "text": "文字",
    "a whole number": "整数",
    "true or false": "true 或 false",
    "a list of [from, to] as 08:00, up to 24:00": "[起, 止] 的列表，如 08:00，最晚 24:00",
    "a day, as 2026-03-05": "日期，如 2026-03-05",
    "a day in the years {first} to {last}": "{first} 年到 {last} 年之间的日期",
    "a zone like Asia/Shanghai": "时区，如 Asia/Shanghai",
    "a number of seconds for one of {names}": "秒数，名称为 {names} 之一",
    "one of {names}": "{names} 之一",
    "the number of one that was made before it": "在它之前的更正的序号",
    "[kiosk, epoch, seq]": "[kiosk, epoch, seq]",
    "[kiosk, epoch, seq], of a record of one of the kiosks": "[kiosk, epoch, seq]，属于其中一台终端的记录",
}

SENTENCES: Final[dict[str, str]] = {
    **_DEMO, **_REPORT, **_TYPED, **_READER, **_CASES,
    "http://{host}:{port}/api/v1/board answers {status}": "http://{host}:{port}/api/v1/board 的应答是 {status}",
    "http://{host}:{port}/api/v1/board: {why}": "http://{host}:{port}/api/v1/board：{why}",
    "{name} ended with status {status}:\n{tail}": "{name} 已退出，状态 {status}：\n{tail}",
    "{name} has not ended within {seconds:g} s:\n{tail}": "{name} 在 {seconds:g} 秒内没有结束：\n{tail}",
    "{what} is not there after {seconds:g} s:\n{tails}": "{seconds:g} 秒后还没有 {what}：\n{tails}",
}  # fmt: skip
