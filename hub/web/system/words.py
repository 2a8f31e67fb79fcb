"""What the log of access says, in words; the catalogues translate them."""

from hub.web.kit.words import _

ACCESS_WORDS = {
    "signed_in": _("登录"),
    "sign_in_failed": _("登录失败"),
    "code_failed": _("验证码错误"),
    "signed_in_by_passkey": _("用通行密钥登录"),
    "signed_in_by_issuer": _("用统一身份认证登录"),
    "issuer_failed": _("统一身份认证未通过"),
    "bound": _("绑定统一身份"),
    "unbound": _("解除统一身份"),
    "passkey_failed": _("通行密钥不对"),
    "passkey_copied": _("通行密钥可能被复制，已拒绝"),
    "passkey_added": _("添加通行密钥"),
    "passkey_removed": _("移除通行密钥"),
    "claim_made": _("生成认领码"),
    "claim_failed": _("认领码错误"),
    "kiosk_claimed": _("终端认领成功"),
    "accepted": _("接受邀请"),
    "password_changed": _("修改密码"),
    "invited": _("邀请"),
    "ended": _("停用用户"),
    "withdrew": _("收回角色"),
    "opened_door": _("新建链接或密钥"),
    "tried_channel": _("试发通知"),
    "shut_door": _("停用链接或密钥"),
    "looked_at_person": _("查看志愿者"),
    "looked_at_telephone": _("查看电话"),
    "exported": _("导出"),
    "looked_at_log": _("下载终端日志"),
    "looked_at_taps": _("查看刷卡记录"),
    "undid_import": _("撤销导入"),
    "imported": _("导入"),
    "refused": _("没有权限，已拒绝"),
    "refused_more": _("没有权限，已拒绝；这一分钟内再多的不记"),
}
ACCESS_KINDS = {
    "refused": (_("没有权限"), ("refused", "refused_more")),
    "failed": (_("登录未成功"), ("sign_in_failed", "code_failed", "issuer_failed", "passkey_failed", "passkey_copied")),
    "looked": (_("查看个人资料"), ("looked_at_person", "looked_at_telephone", "looked_at_taps", "looked_at_log")),
    "taken": (_("导入导出"), ("exported", "imported", "undid_import")),
}
"""What the page can show by itself: the word, and which lines."""
NOT_YOURS = _("您不能给这个角色或范围：只能给自己也有的。")
NO_NAME = _("请填 1 到 64 个字符，不含空格。")
NO_DOOR_NAME = _("请填 1 到 64 个字符，不含电话号码和身份证号。")
WHOLE_CITY_ONLY = _("这个角色管全市，不填范围。")
NO_PLACE = _("没有这个编号或名称，或不止一个，请核对。")
NEEDS_PLACE = _("这个角色要填范围：县区选区县，主管单位选类别，站长填站点编号或简称。")
