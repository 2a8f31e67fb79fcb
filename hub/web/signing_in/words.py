"""What stands in somebody's way in, in words; the catalogues translate them."""

from hub.accounts.passwords import LONGEST, SHORTEST, Weakness
from hub.accounts.reception import NotIn
from hub.web.kit.words import Gettext, _

WRONG = _("用户名或密码不对。忘记密码的，请联系管理员重新邀请。")
WRONG_CODE = _("验证码不对，或已经用过；请等下一个验证码。")
BUSY = _("现在登录的人太多，请稍后再试。")
DIFFERENT = _("两次输入的密码不同，请重新输入。")
WRONG_OLD = _("原密码不对。")

WRONG_PROOF = _("密码或验证码不对。")
NO_KEY_NAME = _("请填 1 到 64 个字符，不含电话号码和身份证号。")
NO_PASSKEY = _("通行密钥没有通过：可能已经移除，或不属于这里。请用密码登录。")
ISSUER_AWAY = _("统一身份认证现在没有回答，请稍后再试，或用密码登录。")
NO_IDENTITY = _("统一身份认证没有通过，或等得太久。请再试一次，或用密码登录。")
STRANGERS = {
    "unbound": _("您的统一身份还没有绑定到这里的用户。请用密码登录，再在“我的”里绑定。"),
    "ended": _("您的统一身份绑定的用户已经停用。请联系管理员。"),
}
NOT_MADE = _("通行密钥没有建成：这台设备可能已经有一个，或等得太久。请重新开始。")
DONE = {
    "changed": _("密码已修改，其他登录都已退出。"),
    "added": _("通行密钥已添加，下次可以用它登录。"),
    "bound": _("统一身份已绑定，下次可以用它登录；其他登录都已退出。"),
    "unbound": _("统一身份已解除，其他登录都已退出。"),
}
ISSUER_AWAY_NOW = _("统一身份认证现在没有回答，没有绑定。请稍后再试。")
TROUBLES = {
    "taken": _("这个统一身份已经绑定到别的用户，没有绑定。请联系管理员。"),
    "unproven": _("没有绑定：统一身份认证没有通过，或等得太久。请重新开始。"),
    "away": ISSUER_AWAY_NOW,
}
"""What kept an account from being bound."""

WEAKNESSES = {
    Weakness.SHORT: _("太短：请至少用 {shortest} 个字符，例如四个不相干的词。"),
    Weakness.LONG: _("太长：请最多用 {longest} 个字符。"),
    Weakness.OWN_NAME: _("密码里有您的用户名，容易被猜到，请换一个。"),
    Weakness.COMMON: _("太常见，容易被猜到，请换一个，例如四个不相干的词。"),
}


def not_in_words(answer: NotIn, otherwise: str, gettext: Gettext) -> str:
    """Why somebody is not in."""
    if not answer.wait_s:
        return gettext(otherwise)
    return gettext(_("试得太多，请 {n} 秒后再试。")).format(n=max(1, round(answer.wait_s)))


def weakness_words(weakness: Weakness, gettext: Gettext) -> str:
    """Why a password will not do."""
    return gettext(WEAKNESSES[weakness]).format(shortest=SHORTEST, longest=LONGEST)
