"""What a kiosk's updater says at its terminal, in Chinese; the hub has words of its own for what it is told."""

from typing import Final

OF_UPDATES: Final = {
    "Bring this kiosk to the version offered.": "把这台终端更新到中心提供的版本。",
    "a folder as zaigang-hub update copy writes it": "zaigang-hub update copy 写出的文件夹",
    "nothing is wanted": "没有要做的更新",
    "it is at work already": "已是这个版本",
    "version {} is at work": "{} 版已开始工作",
    "version {} did not prove itself: {}": "{} 版没有通过：{}",
    "{}; {} is back at work": "{}；已退回 {} 版",
    "the journal does not open": "记录打不开",
    "the reader does not answer": "读卡器没有回答",
    "the hub does not settle": "中心没有确认记录",
    "the journal does not open any more": "记录后来打不开了",
    "the reader does not answer any more": "读卡器后来没有回答",
    "its agent does not start": "程序起不来",
    "its agent runs, and says nothing of how it is": "程序在运行，但没有说明情况",
    "its agent ended more than {} times": "程序中断了 {} 次以上",
    "the hub was out of reach all the while": "期间一直连不上中心",
    "what was noted of its trial cannot be read": "试用的记录读不出来",
    "its own updater does not begin, so none could come after it": "它的更新程序起不来，以后无法再更新",
    "{}: its own updater does not begin, so none could come after it": "{} 版的更新程序起不来，以后无法再更新",
    "the machine did not stay up with it, {} times": "{} 次都没能开机稳定",
    "the disk takes nothing: {}": "存储写不进去（{}）",
    "the updater failed, {}: {}": "更新程序出错（{}：{}）",
    "the updater was ended in the middle of it, {} times": "更新 {} 次都中途停止",
    "what came of it cannot be told: {}": "结果不能告诉中心：{}",
    "the machine is switched off meanwhile; its next start goes on with the update": "正在关机；下次开机接着更新",
    "what is offered is signed by another key than what is installed; install it by hand": (
        "更新包由别的密钥签名，请用准备好的文件夹安装"
    ),
    "{} is offered meanwhile, and {} was asked for": "中心已改为提供 {} 版，要装的是 {} 版",
    "nothing can be fetched: {}": "取不到更新：{}",
    "what is offered was said too long ago for the clock here, which says {}": (
        "本机的时钟不对（显示 {}），更新看来已过期"
    ),
    "what is offered was said too long ago; copy it anew at the hub": "U 盘上的更新过期了，请在中心重新复制",
    "the hub says less than it has said before; offer the version there once more": (
        "中心恢复过备份，请在中心再提供一次这个版本"
    ),
    "what is offered is older than what this kiosk has seen; copy it anew at the hub": (
        "U 盘上的更新比终端见过的旧，请在中心重新复制"
    ),
    "what is offered is not what the hub signed; copy it again": "更新包不是中心签名的内容，请重新复制",
    "what is offered is of another hub than this kiosk's": "更新是别的中心的",
    "what is offered cannot be believed: {}": "更新不可信：{}",
    "{} holds no update; wanted is the folder zaigang-update that zaigang-hub update copy wrote": (
        "文件夹 {} 里没有更新；应为 zaigang-hub update copy 写出的 zaigang-update 文件夹"
    ),
    "{} is not offered": "没有提供 {}",
    "this kiosk has never heard from its hub whom to believe; update it once over the line": (
        "终端还没有从中心得到更新的密钥，请先用网络更新一次"
    ),
    "this kiosk's certificate cannot be used: {}": "终端的证书不能用（{}）",
    "there is none": "没有证书",
}
