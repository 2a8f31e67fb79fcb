"""What `zaigang-hub key` says, in Chinese; see `hub.chinese`."""

from typing import Final

KEY_SENTENCES: Final = {
    "a change of the key is under way; zaigang-hub key status shows how far it is": (
        "密钥正在更换；进度见 zaigang-hub key status"
    ),
    "there is no CA here, and a key goes to a kiosk only sealed to its certificate: zaigang-hub ca init": (
        "这里没有证书机构，而密钥只按终端的证书封好下发：zaigang-hub ca init"
    ),
    "no change of the key is under way; zaigang-hub key rotate begins one": (
        "没有正在进行的密钥更换；开始更换：zaigang-hub key rotate"
    ),
    "the key that was to come is not here; put site-next.key back from a backup": (
        "新密钥不在这里；请从备份恢复 site-next.key"
    ),
    "the change of the key was interrupted as it ended: zaigang-hub key finish": (
        "更换密钥在最后一步被打断，请再运行一次：zaigang-hub key finish"
    ),
    "site.key is of before the change to {mark}; put site.key and site-retired.keys back from a newer backup": (
        "site.key 是换成 {mark} 以前的；请从较新的备份恢复 site.key 和 site-retired.keys"
    ),
    "the database is of before the change to {mark}; import the list of cards again, or none of them is known": (
        "数据库是换成 {mark} 以前的；请重新导入卡的名单，否则一张卡也不认得"
    ),
    "too early: {why}; --anyway does it all the same": "还太早：{why}；仍要生效请加 --anyway",
    "kiosks have no new key yet: {names}": "这些终端还没有新密钥：{names}",
    "{count} {count:card was|cards were} not tapped since, and 90 days are not over": (
        "还有 {count} 张卡没有刷过，也没有满 90 天"
    ),
    "without a certificate, and so without the new key: {names}": "没有证书、拿不到新密钥的终端：{names}",
    "{count} {count:kiosk|kiosks} would get another key; dry run: nothing was written": (
        "将给 {count} 台终端换密钥；只是预览，没有写入"
    ),
    "the key {mark} goes to {count} {count:kiosk|kiosks} now, the old one holds": (
        "密钥 {mark} 正下发给 {count} 台终端，旧密钥仍有效"
    ),
    "next: keep a copy of site-next.key with your backups; zaigang-hub key status": (
        "下一步：把 site-next.key 与备份一起保存；进度见 zaigang-hub key status"
    ),
    "the key {mark} holds now; keep a copy of site.key and site-retired.keys with your backups": (
        "密钥 {mark} 已生效；请把 site.key 和 site-retired.keys 与备份一起保存"
    ),
    "under way since {began}, key {mark}; 90 days are over on {until}": (
        "{began} 开始更换，密钥 {mark}；{until} 满 90 天"
    ),
    "finished on {day}, key {mark}": "{day} 更换完毕，密钥 {mark}",
    "the city has its first key; zaigang-hub key rotate makes another": (
        "本市用的是第一把密钥；更换：zaigang-hub key rotate"
    ),
    "kiosks with the new key: {have} of {count}": "有新密钥的终端：{have} / {count}",
    "  {kiosk} at {station}: {why}": "  {kiosk}（{station}）：{why}",
    "no certificate": "没有证书",
    "it has not come yet": "还没有收到",
    "never heard": "从未连接",
    "cards with a name under it: {named} of {count}": "新密钥认得的卡：{named} / {count}",
    "  {card} of {person}": "  {card}（{person}）",
    "  and {count} more; --all shows them": "  另有 {count} 张；全部列出请加 --all",
    "these get it by a tap, or all at once by importing the list of cards again": (
        "刷一次卡就认得，或重新导入一次卡的名单"
    ),
    "{count} {count:name is|names are} in doubt: two things were said of {count:it|them}; import the cards again": (
        "{count} 个对应关系互相矛盾，不采用；请重新导入这些卡"
    ),
}
