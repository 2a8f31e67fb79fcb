"""What stands in the way of a channel's address, in Chinese; see `hub.chinese`."""

from typing import Final

CHANNEL_SENTENCES: Final = {
    "no answer within {found} s": "{found} 秒内没有回答",
    "not reached: {found}": "连接不上（{found}）",
    "HTTP {found}: it takes nothing just now; try again later": "对方回答 HTTP {found}，暂时不能收：请稍后再试",
    "HTTP {found} without a code": "对方回答 HTTP {found}，但不是群机器人的回答：请核对地址",
    "the mail server has it": "邮件服务器已收下",
    "the mail server refuses: {found}": "邮件服务器拒绝（{found}）",
    "the mail server refuses just now: {found}; try again later": "邮件服务器暂时不收（{found}）：请稍后再试",
    "the mail server refuses user or password: {found}; many want a code of its own (授权码) for programs": (
        "邮件服务器不认用户名或密码（{found}）：请核对；许多邮箱要填授权码，不是登录密码"
    ),
    "the mail server refuses the sender: {found}; look at from= in the address": (
        "邮件服务器不收这个发件人（{found}）：请核对地址里的 from="
    ),
    "the mail server refuses the addressee: {found}; look at to= in the address": (
        "邮件服务器不收这个收件人（{found}）：请核对地址里的 to="
    ),
    "the mail server hangs up; look at host and port": "邮件服务器断开了连接：请核对主机和端口",
    "the mail server offers no TLS, so the password was not sent; use smtps://, or a port with STARTTLS: 587": (
        "邮件服务器不提供加密，密码没有发出：请用 smtps://，或提供 STARTTLS 的端口（一般为 587）"
    ),
    "the mail server takes no password there; try smtps://": "邮件服务器在这里不收密码：请试 smtps://",
    "the mail server speaks no TLS there; smtps:// is usually at port 465, smtp:// at 25 or 587": (
        "这个端口没有加密：smtps:// 一般用 465，smtp:// 用 25 或 587"
    ),
    "the mail server's certificate is not trusted: {found}; look at the host's name": (
        "邮件服务器的证书不可信（{found}）：请核对主机名"
    ),
    "the mail server does not take it: {found}": "邮件服务器没有收下（{found}）",
    "found no URL with a host; wanted is the address as the robot's page shows it": (
        "填的不是网址；请照机器人页面上的原样粘贴"
    ),
    "found a mobile number of {count} {count:sign|signs}; wanted is 5 to 15 digits, as 13800000000": (
        "手机号现为 {count} 个字符；应为 5 到 15 位数字，如 13800000000"
    ),
    "found a mobile number for {host}; wanted is none: only the robots of 企业微信 and 钉钉 call by number": (
        "给 {host} 填了手机号；只有企业微信和钉钉的机器人能按手机号 @ 人，手机号请留空"
    ),
    "found an address at {host} that is none of a robot of {vendor}; wanted is the whole of one like {wanted}": (
        "{host} 的这个地址不是{vendor}机器人的地址；应形如 {wanted}，请完整复制"
    ),
    "found a secret; wanted is none: a robot of 企业微信 has all in its address": (
        "填了密钥；企业微信的机器人除地址外没有密钥，请留空"
    ),
    "found a secret that begins otherwise; wanted is that of 钉钉, 安全设置, 加签: it begins with SEC": (
        "填的密钥不以 SEC 开头；应为钉钉“安全设置，加签”里的密钥，以 SEC 开头"
    ),
    "found a mobile number; wanted is none: a robot of 飞书 cannot call by number": (
        "填了手机号；飞书的机器人不能按手机号 @ 人，请留空"
    ),
    "found {scheme}://{host} with a user or a #, or of another kind; wanted is the address of a robot of "
    "企业微信, 钉钉 or 飞书, a web hook's (https://...), or a mailbox's (smtp://HOST:25?from=...&to=...)": (
        "现为 {scheme}://{host}，带有用户名或 #，或不是这几类；应为企业微信、钉钉或飞书机器人的地址、"
        "网络回调的地址（https://...），或邮箱（smtp://主机:25?from=发件人&to=收件人）"
    ),
    "found a secret of {count} {count:sign|signs}; wanted is whsec_ and base64 of 24 to 64 bytes, or none": (
        "密钥现为 {count} 个字符；应为 whsec_ 加 24 到 64 字节的 base64，留空则生成一个"
    ),
    "found no sender, or no addressee; wanted is smtps://USER@HOST:465?from=hub@example.cn&to=office@example.cn": (
        "缺少发件人或收件人；邮箱应写作 smtps://用户@主机:465?from=hub@example.cn&to=office@example.cn"
    ),
    "found a password in the address; wanted is it as the secret": "地址里写了密码；请填在密钥一栏",
    "found a password without a user; wanted is smtps://USER@HOST:465?from=...&to=...": (
        "有密码，没有用户；应写作 smtps://用户@主机:465?from=...&to=..."
    ),
}
