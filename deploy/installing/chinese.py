"""What the installers say, in Chinese: they run before there is any of our program, so by a table of their own.

A sentence is written in English where it is found, and looked up here when it is said; `{}` stands for a fact, which
may be a sentence too. What is not listed stays as it came, as what another program answered does.
"""

import os
import re
from collections.abc import Mapping
from typing import Final

from deploy.installing.chinese_updates import OF_UPDATES

_OF_BUNDLES: Final = {
    "the bundle is for {}, this machine is {}": "安装包是给 {} 的，本机是 {}",
    "{}; make another: make bundle ARCH={}": "{}；请另做一个：make bundle ARCH={}",
    "this machine's Python is {}; wanted is {}: Debian 12 or 13": "本机的 Python 是 {}；应为 {}：Debian 12 或 13",
    "the bundle names a file outside of itself: {}": "安装包里写着包以外的文件：{}",
    "{} is no {}'s bundle; wanted is zaigang-{}-VERSION.tar": "{0} 不是要用的安装包；应为 zaigang-{2}-VERSION.tar",
    "openssl is missing; first: apt-get install openssl": "没有 openssl；请先 apt-get install openssl",
    "{} cannot be read ({}); copy it again": "{} 读不出来（{}）；请重新拷贝",
    "{} has no sound manifest; unpack the bundle again": "{} 的清单不完好；请重新解开安装包",
    "{} has no sound manifest; copy it again": "{} 的清单不完好；请重新拷贝",
    "{}: {} is not what its manifest says; copy it again": "{} 里的 {} 和清单不符，拷贝坏了；请重新拷贝",
    "{} is not signed by whom it names; copy it again": "{} 的签名不对；请重新拷贝",
    "{} says that it is larger than it is; copy it again": "{} 的大小和所写不符；请重新拷贝",
    "{} is installed, and {} is older": "已装 {} 版，{} 版更旧",
    "{}; --older takes it all the same": "{}；确实要装的加 --older",
    "the disk is full: {} MiB are free, {} MiB are wanted; nothing was changed": (
        "存储已满：剩余 {} MiB，需要 {} MiB；没有改动"
    ),
    "the bundle is signed by another key than what is installed; of another maker? --other-signer": (
        "安装包和已装的不是同一把密钥签名；确实换了制作者的加 --other-signer"
    ),
    "the bundle is signed by another key than what is installed: of another site? --other-signer": (
        "安装包和已装的不是同一把密钥签名，可能是别处的；确认后加 --other-signer"
    ),
    "{} could not go back to the journal of {}; a version between them comes first": (
        "若退回，{0} 版读不了 {1} 版的记录文件；请先装两者之间的版本"
    ),
    "{} cannot open the journal of {}, and would record nothing": "{} 版读不了 {} 版的记录文件，装了也不能记录",
    "{} cannot open this kiosk's journal, which a later version made, and would record nothing": (
        "{} 版读不了这台终端的记录文件（由更新的版本写成），装了也不能记录"
    ),
    "{}; nothing was changed": "{}；没有改动",
}
_OF_BOTH: Final = {
    "{}; mend that and run install again": "{}；处理后再运行一次 install",
    "interrupted; run install again, and it goes on from there": "已中断；再运行一次 install，会接着装",
    "another install is at work; wait for it": "另一个安装正在进行；请等它结束",
    "also take an older version than the installed one": "比已装的旧也装",
    "also take a bundle that another key signed": "由别的密钥签名也装",
}
_OF_HUBS: Final = {
    "the hub is installed, version {}": "中心已装好，版本 {}",
    "Set this machine up as a hub.": "把本机装成中心。",
    "a name or address by which kiosks reach this machine": "终端访问本机所用的名称或地址",
    "{} does not come up: {}; {} is at work again, with its database": "{} 版起不来：{}；已退回 {} 版和它的数据库",
    "the hub does not come up: {}; journalctl -u zaigang-hub -n 50": (
        "中心起不来：{}；请看 journalctl -u zaigang-hub -n 50"
    ),
    "the first administrator chooses a password here: {}": "第一位管理员在这里设密码：{}",
    "next:  zaigang-hub import STATIONS.xlsx; zaigang-hub kiosk prepare ID --out DIR; zaigang-hub doctor": (
        "接下来：zaigang-hub import 站点.xlsx；zaigang-hub kiosk prepare 终端编号 --out 文件夹；zaigang-hub doctor"
    ),
    "installing {}": "正在安装 {}",
    "nginx does not take /etc/nginx/conf.d/zaigang.conf: nginx -t says why; the hub works without it": (
        "nginx 不接受 /etc/nginx/conf.d/zaigang.conf：nginx -t 会说明原因；中心没有它也能工作"
    ),
    "{}; wanted is: apt-get update && apt-get install {}": "{}；需要：apt-get update && apt-get install {}",
}
_OF_KIOSKS: Final = {
    "kiosk {} {} is installed; see: zaigang-edge doctor": "终端 {} 已装好，版本 {}；检查：zaigang-edge doctor",
    "Set this kiosk up from a prepared folder.": "用准备好的文件夹安装这台终端。",
    "the machine becomes another kiosk than it was": "本机改作另一台终端",
    "the machine is to be another hub's from now on": "本机从此归另一个中心",
    "write to a partition named ZAIGANG-DATA alone": "只写名为 ZAIGANG-DATA 的分区",
    "ask the hub for who this kiosk is, by a code of 8 digits": "凭 8 位认领码，向中心要这台终端的证书",
    "with --claim: its id": "和 --claim 一起用：终端编号",
    "with --claim: the hub's address": "和 --claim 一起用：中心的地址",
    "with --claim: the site's CA: file or fingerprint": "和 --claim 一起用：中心的 CA，文件或指纹",
    "the kiosk is installed, but its root stays writable: {}": "终端已装好，但系统没有改成只读：{}",
    "this folder is of another hub than this machine's, by its CA: another stick? --other-hub": (
        "这个文件夹是另一个中心的（CA 不同），可能拿错了 U 盘；确实要换中心的加 --other-hub"
    ),
    "this folder is for {}, and this machine is {}: another stick? --other-kiosk": (
        "这个文件夹是给 {} 的，本机是 {}，可能拿错了 U 盘；确实要换的加 --other-kiosk"
    ),
    "no such name": "没有这个名称",
    "{} holds no certificate; look at --ca and --hub": "{} 没有给出证书；请核对 --ca 和 --hub",
    "{} is not the hub of the sheet: its CA is {}; nothing was told to it": (
        "{} 不是安装单上的中心：它的 CA 是 {}；什么也没有告诉它"
    ),
    "{} has no certificate of the sheet's CA under that name; nothing was told to it": (
        "{} 没有安装单上的 CA 签发给这个地址的证书；什么也没有告诉它"
    ),
    "with --claim {} must be given; type the whole line of the sheet": "用 --claim 时要写 {}；请输入安装单上的整行",
    "the code has {} digits; wanted are {}, as on the sheet": "认领码有 {} 位，应为 {} 位；请照安装单输入",
    "--ca is neither a file nor {} hex digits; type it as on the sheet": (
        "--ca 既不是文件，也不是 {} 位十六进制；请照安装单输入"
    ),
    "{} answers, but is no hub that gives codes out ({}); look at --hub": (
        "{} 有应答，但不是发认领码的中心（{}）；请核对 --hub"
    ),
    "{} port {} does not answer ({}); then type the same line again": (
        "{} 的 {} 端口没有应答（{}）；请查网线和地址，原样再输一次"
    ),
    "no key can be made: {}; first: apt-get install openssl": "不能生成密钥：{}；请先 apt-get install openssl",
    "copy the whole folder anew: zaigang-hub kiosk prepare": (
        "请在中心重新准备，拷贝整个文件夹：zaigang-hub kiosk prepare"
    ),
    "{} and kiosk.key are empty, cut short, or not of one kiosk": "{} 和 kiosk.key 是空的、不完整，或不是同一台终端的",
    "{} is for {}, and kiosk.toml for {}; {}": "{} 是给 {} 的，kiosk.toml 是给 {} 的；{}",
    "{} is of another hub than the ca.crt beside it; {}": "{} 和旁边的 ca.crt 不是同一个中心的；{}",
    "{} is no key: it is empty, or cut short; {}": "{} 不是密钥：是空的，或不完整；{}",
    "{}/kiosk.toml does not say whose it is: it is empty, or cut short; copy the folder again": (
        "{}/kiosk.toml 没有写是哪台终端：是空的，或不完整；请重新拷贝文件夹"
    ),
    "{} is no certificate: it is empty, or cut short; {}": "{} 不是证书：是空的，或不完整；{}",
    "{} cannot be read ({}); copy the folder again": "{} 读不出来（{}）；请重新拷贝文件夹",
    "{} has no {}; copy the whole folder anew: zaigang-hub kiosk prepare": (
        "{} 里没有 {}；请在中心重新准备，拷贝整个文件夹：zaigang-hub kiosk prepare"
    ),
    "version {} does not come up here; {} is back at work": "{} 版在这里起不来；已退回 {} 版",
    "the agent does not come up: {}; see: journalctl -u {}": "程序起不来：{}；请看 journalctl -u {}",
    "this machine starts by a program of its own (init=), so its root cannot be made read only": (
        "本机由自己的程序启动（init=），系统不能改成只读"
    ),
    "a read-only root wants a partition named {} (ext4) for what must last; make one first": (
        "只读系统需要一个名为 {} 的分区（ext4）存放数据；请先分好"
    ),
    "the partition {} has {} MiB free; wanted are {} MiB": "分区 {} 剩余 {} MiB，需要 {} MiB",
    "a read-only root wants a Raspberry Pi's {}, which is not here": "只读系统需要树莓派的 {}，本机没有",
    "{}; {}": "{}；{}",
}
SENTENCES: Final[Mapping[str, str]] = {**_OF_BUNDLES, **_OF_BOTH, **_OF_HUBS, **_OF_KIOSKS, **OF_UPDATES}
OF_ARGPARSE: Final = {  # by what it says, which it says in English alone
    "argument {}: {}": "{}：{}",
    "unrecognized arguments: {}": "不认识 {}",
    "ambiguous option: {} could match {}": "{} 不明确，可能是 {}",
    "expected one argument": "后面应有一个值",
    "ignored explicit argument {}": "后面不应有值 {}",
    "the following arguments are required: {}": "缺少 {}",
}


def is_chinese(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's locale is; as `station.saying` has it."""
    names = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def tell(said: str) -> str:
    """In the terminal's language, line by line."""
    return "\n".join(in_chinese(line) for line in said.split("\n")) if is_chinese() else said


def in_chinese(said: str) -> str:
    """As far as it is known."""
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(said)
        if found is not None:
            return chinese.format(*map(in_chinese, found.groups()))
    return said


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, english.split("{}"))))


# The one of which most is written out goes first: "{}; {}" fits whatever has a semicolon in it.
_PATTERNS: Final = [
    (_pattern(english), chinese)
    for english, chinese in sorted(
        {**SENTENCES, **OF_ARGPARSE}.items(), key=lambda pair: len(pair[0].replace("{}", "")), reverse=True
    )
]
