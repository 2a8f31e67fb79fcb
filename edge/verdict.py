"""Whether a kiosk can be used, by what doctor found, and what its installer does next: in Chinese or English."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from edge.doctor import DoctorLine


class _Words(NamedTuple):
    """How a look is called in Chinese, and what is to be done where it went wrong."""

    name: str
    step: str
    step_zh: str


_AGAIN: Final = _Words("", "call whoever looks after the hub, and read this line out", "请联系中心管理员，并读出这一行")
_WORDS: Final[Mapping[str, _Words]] = {
    "site key": _Words("站点密钥", "install again from the kiosk's own stick", "用本终端的U盘重新安装"),
    "identity": _Words(
        "终端证书", "have the hub prepare this kiosk anew, and install again", "请中心重新准备本终端，再安装一次"
    ),
    "disk": _Words("存储", "put in another memory card, and install again", "更换存储卡后重新安装"),
    "files": _Words(
        "数据文件",
        "give all files there to the user of the directory: sudo chown -R --reference=DIR DIR",
        "把目录里的文件都改为目录所属的用户：sudo chown -R --reference=目录 目录",
    ),
    "journal": _Words(
        "记录", "keep the memory card, and call the hub: records are on it", "保留存储卡（内有记录），并联系中心"
    ),
    "reader": _Words(
        "读卡器", "pull the reader out, plug it in again, and look once more", "拔下读卡器重新插好，再检查一次"
    ),
    "lamp": _Words("指示灯", "see that the lamp is plugged in", "检查指示灯是否插好"),
    "sound": _Words("声音", "see that the loudspeaker is plugged in and turned up", "检查扬声器是否插好、音量是否打开"),
    "broker": _Words("网络", "see that the network cable is plugged in at both ends", "检查网线两端是否插好"),
    "hub": _Words("中心", "call the hub: it is not at work", "联系中心：中心程序没有运行"),
    "known": _Words("登记", "have this kiosk entered at the hub", "请中心登记本终端"),
    "settles": _Words("记录上传", "call the hub: it does not answer this kiosk", "联系中心：中心没有应答本终端"),
    "same key": _Words("密钥一致", "install again from a stick that this hub prepared", "用本中心准备的U盘重新安装"),
    "clock": _Words("时钟", "nothing is to be done: the time comes from the hub", "无需处理：时间由中心提供"),
    "settings": _Words("设置", "install again from the kiosk's own stick", "用本终端的U盘重新安装"),
}
_MARKS: Final = {True: ("ok", "正常"), False: ("WRONG", "错误"), None: ("?", "未定")}


def line_of(finding: DoctorLine, *, chinese: bool) -> str:
    """One look, for a terminal."""
    mark = _MARKS[finding.is_well][chinese]
    if not chinese:
        return f"{mark:6} {finding.what}: {finding.text}"
    return f"{mark}  {_WORDS.get(finding.what, _AGAIN).name or finding.what}：{finding.zh or finding.text}"


def verdict(findings: Sequence[DoctorLine], *, chinese: bool) -> str:
    """The last line: whether it can be used, and the next step where not."""
    wrong = next((finding for finding in findings if finding.is_well is False), None)
    if wrong is None:
        return "可以使用" if chinese else "This kiosk can be used."
    words = _WORDS.get(wrong.what, _AGAIN)
    if chinese:
        return f"不能使用：{words.name or wrong.what}。下一步：{words.step_zh}。"
    return f"This kiosk cannot be used: {wrong.what}. Next: {words.step}."
