"""What `zaigang-hub undo-import`, `zaigang-hub ca` and whatever names people, cards and stations say, in Chinese."""

from typing import Final

COMMAND_SENTENCES: Final = {
    "{path} belongs to {user}, and this user may not look into it; wanted is root: sudo zaigang-hub ...": (
        "{path} 属于 {user}，当前用户打不开；请加 sudo：sudo zaigang-hub ..."
    ),
    "undone by {by}": "已由 {by} 撤销",
    "taking import {number} back:": "撤销第 {number} 次导入：",
    "  {name}: {removed} {removed:goes|go}, {restored} {restored:is|are} as before": (
        "  {name}：{removed} 条删除，{restored} 条恢复原样"
    ),
    "{what} {name} stays: somebody changed it since, or it is in use": "{what} {name} 保留：之后有人改过，或正在使用",
    "and {count} more": "另有 {count} 项",
    "{rows} {rows:row is as it was|rows are as they were} before import {number}": (
        "{rows} 条已恢复到第 {number} 次导入之前"
    ),
    "take it back? [y/N]": "确定撤销吗？[y/N]",
    "nothing was changed; a script says --yes": "没有更改任何内容；脚本请加 --yes",
    "somebody changed the city just now, and it would do something else:": (
        "刚刚有人改了资料，会撤销的和刚才显示的不同："
    ),
    "there is no such import, it is undone already, or it is too old": "没有这次导入，或者已经撤销、超过七天",
    "the site's CA is made: {folder}": "已建立站点证书机构：{folder}",
    "the site's CA is there already; nothing was changed: {folder}": "站点证书机构已经存在，没有更改：{folder}",
    "keep a copy of this folder elsewhere: without it no kiosk can be entered or renewed": (
        "请把这个文件夹另存一份：没有它，就不能登记终端，也不能更新证书"
    ),
    "CA: good until {ends}, {count} revoked": "证书机构：有效至 {ends}，已吊销 {count} 个",
    "broker: none; zaigang-hub ca issue-broker NAME": "消息服务器：还没有证书；zaigang-hub ca issue-broker 地址",
    "broker: {names}, good until {ends}": "消息服务器：{names}，有效至 {ends}",
    "{name} is no name; wanted is a name or an address alone, as hub.example": (
        "{name} 不是主机名；应为单独的主机名或地址，如 hub.example"
    ),
    "{file} is not the key of {certificate}; restore both together": "{file} 不是 {certificate} 的密钥；请一起恢复",
    "{path} cannot be read: {why}; restore it from a backup": "不能读取 {path}：{why}；请从备份恢复",
    "the CA's key {path} cannot be read: {why}": "不能读取证书机构的密钥 {path}：{why}",
    "the CA's key {path} has mode {mode}, open to others; wanted is 0600: chmod 600 {path}": (
        "证书机构的密钥 {path} 的权限是 {mode}，别人也能读；应为 0600：chmod 600 {path}"
    ),
    "{path} is no key of this CA; restore it from a backup": "{path} 不是这个证书机构的密钥；请从备份恢复",
    "there is no station '{code}'; wanted is a code that was imported": "没有站点“{code}”；应为已导入的站点编号",
    "{file} is no text; wanted is a text file, best in UTF-8": "{file} 不是文本；应为文本文件，最好是 UTF-8 编码",
    "nobody has a number or id of {count} {count:character|characters} "
    "like this; wanted is a volunteer's number that was imported, "
    "or the opaque id that pages and `zaigang-hub history` show": (
        "查不到这个编号（{count} 个字符）；应为已导入的志愿者编号，或网页和 zaigang-hub history 显示的代号"
    ),
    "no card is named; wanted is its id, - to type its number, or --of PERSON": (
        "没有说明是哪张卡；应为卡的代号，或用 - 输入卡号，或用 --of 志愿者编号"
    ),
    "there are {count} cards of {whose}: {cards}; wanted is one; name it by its id, "
    "as `zaigang-hub history --person` shows it": (
        "{whose} 有 {count} 张这样的卡：{cards}；请用卡的代号指明一张，代号见 zaigang-hub history --person"
    ),
    "there are {count} cards whose id begins with '{whose}': {cards}; wanted is one; give more of its id": (
        "代号以“{whose}”开头的卡有 {count} 张：{cards}；请多写几位"
    ),
    "{whose} has no such card; `zaigang-hub history --person` shows those that there were": (
        "{whose} 没有这样的卡；有过哪些卡，见 zaigang-hub history --person"
    ),
    "there is no card whose id begins with '{whose}'; wanted is an id as `zaigang-hub history` shows it": (
        "没有代号以“{whose}”开头的卡；代号见 zaigang-hub history"
    ),
    "found {count} {count:character|characters}; wanted is {wanted}": "现为 {count} 个字符；应为 {wanted}",
    "found '{text}'; wanted is {wanted}": "现为“{text}”；应为 {wanted}",
}
