"""What the page of channels says; the catalogues translate it."""

import re
from collections.abc import Callable
from typing import Final

from hub.alarms.addresses import Sort
from hub.alarms.book import CLOSED_BEFORE, HELD, OVER_BEFORE
from hub.web.kit.words import _

SORT_WORDS: Final = {
    Sort.WECOM: _("企业微信"),
    Sort.DINGTALK: _("钉钉"),
    Sort.FEISHU: _("飞书"),
    Sort.WEB_HOOK: _("网络回调"),
    Sort.MAIL: _("邮件"),
}
NO_CHANNEL_NAME = _("请填 1 到 32 个英文字母、数字或 _ . -，以字母或数字开头，不含电话号码。")
TAKEN = _("已有这个名称的渠道，请换一个。")
NOT_WHOLE_CITY = _("只能录入自己范围内的：请选自己的区县，或填自己的站点。")
NO_ADDRESS = _("请粘贴地址。")
ADDRESS_TOO = _("换密钥或手机号时，请把地址也重新粘贴一次。")
ONES_OWN = _("这个地址是中心所在的机器，网页上不能录入；请在中心的终端用 zaigang-hub channel add 录入。")
OTHER_ADDRESS = _("{by} 在 {at} 已换了地址（现为 {theirs}），您的没有保存。仍要换的，请再粘贴地址和密钥后提交。")
NOT_SURE = _("删除请先打勾。")
WAIT = _("没有试发：这个渠道半分钟内刚试过，或同时试发的太多。请过半分钟再试。")

_TOO_FAST: Final = _("发得太快：每个机器人每分钟最多收 20 条，请过一分钟再试")
_GONE: Final = _("机器人已被移除，或地址不对：请重新复制地址")
_RULES: Final = _("不符合机器人的安全设置：请核对密钥、关键词“在岗”和允许的 IP")
_FEISHU: Final = _("飞书没有收下：发得太快，或地址不是群机器人的；请过一分钟再试，仍不行请核对地址")
_CODES: Final = {
    "45009": _TOO_FAST, "130101": _TOO_FAST, "410100": _TOO_FAST, "11232": _TOO_FAST,
    "93000": _GONE, "300001": _GONE, "300005": _GONE, "400101": _GONE, "400102": _GONE, "19001": _GONE,
    "310000": _RULES, "19021": _RULES, "19022": _RULES, "19024": _RULES,
    "9499": _FEISHU,
}  # fmt: skip
"""By the codes on the vendors' pages."""
_PLAIN: Final = (
    (re.compile(r"no answer within ([\d.]+) s"), _("{found} 秒内没有回答")),
    (re.compile(r"not reached: (.+)"), _("连接不上（{found}）")),
    (re.compile(r"HTTP (429|5\d\d) without a code"), _("HTTP {found}，暂时不能收：请稍后再试")),
    (re.compile(r"HTTP (\d+) without a code"), _("HTTP {found}，但不是群机器人的回答：请核对地址")),
    (re.compile("the mail server has it()"), _("邮件服务器已收下")),
    (re.compile(r"the mail server refuses: (4\d\d)"), _("邮件服务器暂时不收（{found}）：请稍后再试")),
    (re.compile(r"the mail server refuses: (\d+)"), _("邮件服务器拒绝（{found}）")),
    (
        re.compile(r"the mail server refuses user or password: (\d+)"),
        _("邮件服务器不认用户名或密码（{found}）：请核对；许多邮箱要填授权码，不是登录密码"),
    ),
    (
        re.compile(r"the mail server refuses the sender: (\d+)"),
        _("邮件服务器不收这个发件人（{found}）：请核对地址里的 from="),
    ),
    (
        re.compile(r"the mail server refuses the addressee: (\d+)"),
        _("邮件服务器不收这个收件人（{found}）：请核对地址里的 to="),
    ),
    (re.compile("the mail server hangs up()"), _("邮件服务器断开了连接：请核对主机和端口")),
    (
        re.compile("the password is not sent without TLS()"),
        _("邮件服务器不提供加密，密码没有发出：请用 smtps://，或提供 STARTTLS 的端口（一般为 587）"),
    ),
    (re.compile("the mail server takes no password there()"), _("邮件服务器在这里不收密码：请试 smtps://")),
    (
        re.compile("the mail server speaks no TLS there()"),
        _("这个端口没有加密：smtps:// 一般用 465，smtp:// 用 25 或 587"),
    ),
    (
        re.compile("the mail server's certificate is not trusted: (.+)"),
        _("邮件服务器的证书不可信（{found}）：请核对主机名"),
    ),
    (re.compile(f"{re.escape(OVER_BEFORE)}()"), _("发出前已结束，不必再发")),
    (re.compile(f"{re.escape(CLOSED_BEFORE)}()"), _("发出前已了结，不必再发")),
    (re.compile(f"{re.escape(HELD)}()"), _("没有发过这条提醒，不必再发")),
    (re.compile("the channel was removed()"), _("渠道已删除")),
    (re.compile("the mail server does not take it: (.+)"), _("邮件服务器没有收下（{found}）")),
)


def answer_words(text: str, gettext: Callable[[str], str]) -> str:
    """What a channel answered, in words; what only it can know stays as it said it."""
    for form, word in _PLAIN:
        if found := form.fullmatch(text):
            return gettext(word).format(found=found[1])
    hint = _CODES.get(text.partition(" ")[0])
    return f"{text} · {gettext(hint)}" if hint else text
