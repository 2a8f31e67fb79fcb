"""What a kiosk's commands say at a terminal, in Chinese, by the English that stands where it is found.

What people at a kiosk are answered is `answers`, what doctor finds `doctor` and `verdict`.
"""

from typing import Final

_DEVICES: Final = {
    "reader {url!r} is of no known kind; wanted is {wanted}": "读卡器 {url!r} 的类型未知；应为 {wanted}",
    "reader {url!r} names no plug; wanted is {scheme}:usb, or with several of them {scheme}:usb:1-1.2": (
        "读卡器 {url!r} 没有写接口；应为 {scheme}:usb，有几个时为 {scheme}:usb:1-1.2"
    ),
    "reader {url!r} names no device; wanted is an absolute path, as {wanted}": (
        "读卡器 {url!r} 没有写设备；应为从根目录写起的路径，如 {wanted}"
    ),
    "reader {url!r}: {exc}": "读卡器 {url!r}：{exc}",
    "{query!r} tells no spelling; wanted is {wanted}": "{query!r} 没有写明卡号格式；应为 {wanted}",
    "order={order!r}; wanted is straight or reversed": "order={order!r}；应为 straight 或 reversed",
    "prefix={prefix!r}; wanted are hex digits, two a byte": "prefix={prefix!r}；应为十六进制，每字节两位",
    "digits={digits} spells {size} bytes, and prefix tells {prefix}: no card has such a number; wanted are {whole} "
    "together (5: a 125 kHz card)": (
        "digits={digits} 为 {size} 字节，prefix 为 {prefix} 字节："
        "没有这样的卡号；合计应为 {whole} 字节（5 字节为 125 kHz 卡）"
    ),
    "lamp: {url!r}; wanted is gpio:red=17,green=27,blue=22 or gpio:red=17,yellow=27,green=22 (pins by BCM number, and "
    "active=low where a low pin lights), or tower:/dev/serial/by-id/...": (
        "lamp：{url!r}；应为 gpio:red=17,green=27,blue=22 或 gpio:red=17,yellow=27,green=22"
        "（BCM 引脚号，低电平点亮的加 active=low），或 tower:/dev/serial/by-id/..."
    ),
    "sound: {url!r}; wanted is aplay:default (a device of aplay -L), or gpio:18 for a buzzer "
    "(18,active=low where low sounds)": (
        "sound：{url!r}；应为 aplay:default（aplay -L 列出的设备），蜂鸣器为 gpio:18（低电平发声的为 18,active=low）"
    ),
    "lamp: {lamp!r}, sound: {sound!r}; wanted is a pin of its own for each, and for a button": (
        "lamp：{lamp!r}，sound：{sound!r}；灯、声音和按钮应各用各的引脚"
    ),
    "{url!r}; wanted is gpio:21 (pin by BCM number; the button ties it to ground), or key:/dev/input/by-id/...": (
        "{url!r}；应为 gpio:21（BCM 引脚号，按下时接地）或 key:/dev/input/by-id/..."
    ),
    "an input device: /dev/input/by-id/..., /dev/input/by-path/... or /dev/input/event*": (
        "输入设备：/dev/input/by-id/...、/dev/input/by-path/... 或 /dev/input/event*"
    ),
    "a serial port: /dev/serial/by-id/..., /dev/serial/by-path/..., /dev/serial0 or /dev/tty{{AMA,S,USB,ACM}}*": (
        "串口：/dev/serial/by-id/...、/dev/serial/by-path/...、/dev/serial0 或 /dev/tty{{AMA,S,USB,ACM}}*"
    ),
}

_CONFIG: Final = {
    "{file} cannot be read: {why}; wanted is a TOML file": "不能读取 {file}：{why}；应为 TOML 文件",
    "{file} is no text in UTF-8; wanted is a TOML file": "{file} 不是 UTF-8 文本；应为 TOML 文件",
    "kiosk: {kiosk!r} is the hub's own name; wanted is another": "kiosk：{kiosk!r} 是中心自己的编号；请换一个",
    "limits.guard_s: {guard_s:g}; wanted is {least:g} to {most:g} seconds": (
        "limits.guard_s：{guard_s:g}；应为 {least:g} 到 {most:g} 秒"
    ),
    "limits: hold_s {hold_s:g}, guard_s {guard_s:g}; wanted is 0 < hold < guard": (
        "limits：hold_s 为 {hold_s:g}，guard_s 为 {guard_s:g}；hold_s 应大于 0、小于 guard_s"
    ),
    'readers: none; wanted is at least one, as [[readers]] name = "door" url = "pn532:/dev/ttyUSB0"': (
        'readers：没有；至少应有一个，如 [[readers]] name = "door" url = "pn532:/dev/ttyUSB0"'
    ),
    "data_dir: '/'; wanted is a directory of its own, as /var/lib/zaigang": (
        "data_dir：'/'；应为单独的文件夹，如 /var/lib/zaigang"
    ),
    "broker.host: {found}; {wanted}; the port is broker.port": "broker.host：{found}；{wanted}；端口写在 broker.port",
    "broker.port: {port}; wanted is 1 to {most}": "broker.port：{port}；应为 1 到 {most}",
    "broker.password_file: a password without a name; wanted is broker.username beside it": (
        "broker.password_file：有密码，没有用户名；还应写 broker.username"
    ),
    "{missing}: nothing; wanted are ca_file, certificate_file and key_file together, or none of them": (
        "{missing}：空；ca_file、certificate_file、key_file 应三项都写，或都不写"
    ),
    "signals.{fault}": "signals.{fault}",
    "buttons.step_out: {fault}": "buttons.step_out：{fault}",
    "buttons.step_out: {url!r}, the device of readers[{number}]; wanted is one of its own": (
        "buttons.step_out：{url!r} 是 readers[{number}] 的设备；按钮应另用一个"
    ),
    "{key}.name: {name!r}; wanted is a short name that no other reader has": (
        "{key}.name：{name!r}；应为简短的名称，不与其他读卡器重复"
    ),
    "{key}.url: {url!r}, the device of readers[{first}]; wanted is each reader once": (
        "{key}.url：{url!r} 是 readers[{first}] 的设备；每个读卡器应只写一次"
    ),
    "{key}.url: {fault}": "{key}.url：{fault}",
    "{key}.url, limits.hold_s {hold_s:g}: a card counts as held by this reader's silence alone; "
    "wanted is more than {silence_s:g} s": (
        "{key}.url，limits.hold_s 为 {hold_s:g}：这种读卡器一停读就会当作卡没拿开；应大于 {silence_s:g} 秒"
    ),
    "{key}.url: {url!r} is none of this machine's own devices; wanted is {wanted}, "
    "or allow_any_path = true for a simulator": (
        "{key}.url：{url!r} 不是本机的设备；应为{wanted}；用模拟器时请写 allow_any_path = true"
    ),
}

_FILES: Final = {
    "{setting} {path} cannot be read: {why}": "不能读取 {setting} {path}：{why}",
    "{setting} {path} has mode {mode:04o}; wanted is 0600": "{setting} {path} 的权限是 {mode:04o}；应为 0600",
    "{setting} {path} {found}; copy the kiosk's folder anew": "{setting} {path} {found}；请重新复制终端的文件夹",
    "is not that key's": "与密钥不配套",
    "holds no certificate in PEM, or its key is none": "里没有 PEM 格式的证书或密钥",
    "site_key_file {path} holds no key; wanted are {digits} hex digits": (
        "site_key_file {path} 里没有密钥；应为 {digits} 位十六进制"
    ),
    "broker.password_file {path} is empty; wanted is the password alone": (
        "broker.password_file {path} 是空的；里面应只有密码"
    ),
    "broker.password_file {path} is no text in UTF-8; wanted is the password alone": (
        "broker.password_file {path} 不是 UTF-8 文本；里面应只有密码"
    ),
    "broker.certificate_file {path} cannot be read: {why}": "不能读取 broker.certificate_file {path}：{why}",
    "broker.certificate_file {path} holds no certificate; copy the kiosk's folder anew": (
        "broker.certificate_file {path} 里没有证书；请重新复制终端的文件夹"
    ),
    "broker.certificate_file: nothing; wanted are certificate and key, to sign by": (
        "broker.certificate_file：空；签名需要证书和密钥"
    ),
    "broker.key_file {key}: openssl cannot sign by it": "broker.key_file {key}：openssl 不能用它签名",
    "the certificate is for another key": "证书是另一把密钥的",
    "the certificate is for {name:.40}; wanted is one for {kiosk}": "证书是 {name:.40} 的；应为 {kiosk} 的",
    "no key waits for it; ask for another request first": "没有等待它的密钥；请先重新申请",
    "no new key can be made: {exc}": "不能生成新密钥：{exc}",
    "this user may not look into {path}, and sees nothing of the kiosk; wanted is root: {typed}": (
        "当前用户打不开 {path}，看不到终端的情况；请加 sudo：{typed}"
    ),
    "data_dir {path}: {there} is a file; wanted is a directory": "data_dir {path}：{there} 是文件；应为文件夹",
    "data_dir {path}: {there} keeps no files; wanted is a directory on a disk": (
        "data_dir {path}：{there} 存不住文件；应为磁盘上的文件夹"
    ),
    "{path} is held by another agent; one agent a data directory is wanted": (
        "{path} 正被另一个终端程序使用；一个数据文件夹只能有一个"
    ),
}

SENTENCES: Final[dict[str, str]] = {
    **_DEVICES, **_CONFIG, **_FILES,
    "zaigang-edge: {exc}": "zaigang-edge：{exc}",
    "no agent is at work on {data_dir}; first: systemctl start zaigang-edge": (
        "{data_dir} 上没有终端程序在运行；请先：systemctl start zaigang-edge"
    ),
    "{config}: sound. Kiosk {kiosk} of station {station}, {count:reader|readers} {readers}": (
        "{config}：设置可用。站点 {station} 的终端 {kiosk}，读卡器 {readers}"
    ),
    "{name} ({url})": "{name}（{url}）",
    "lamp {url}": "灯 {url}",
    "sound {url}": "声音 {url}",
    "{path}: {records} {records:record|records}; carry it to the hub: zaigang-hub import-journal": (
        "{path}：{records} 条记录；请带到中心导入：zaigang-hub import-journal"
    ),
}  # fmt: skip
