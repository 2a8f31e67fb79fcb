"""What the hub says of its settings, files and database at a terminal, in Chinese."""

from typing import Final

_SETTINGS: Final = {
    "{file} cannot be read: {why}; wanted is a TOML file": "不能读取 {file}：{why}；应为 TOML 文件",
    "{file} cannot be read: it is no UTF-8 text": "不能读取 {file}：不是 UTF-8 文本",
    "{key}: {host!r}; {wanted}": "{key}：{host!r}；{wanted}",
    "{key} is {number}; wanted is {wanted}": "{key} 为 {number}；应为 {wanted}",
    "{first} to {last}": "{first} 到 {last}",
    "more than 0": "大于 0",
    "zone is {zone!r}; wanted is a zone like Asia/Shanghai": "zone 为 {zone!r}；应为时区，如 Asia/Shanghai",
    "http.certificate and http.private_key: one without the other; wanted are both, or none": (
        "http.certificate 和 http.private_key：只写了一个；应两个都写，或都不写"
    ),
    "http.host: {host!r} is reached from other machines; wanted are http.certificate and http.private_key, "
    "or 127.0.0.1 behind a proxy that has them": (
        "http.host：{host!r} 对其他机器开放；应写 http.certificate 和 "
        "http.private_key，或用 127.0.0.1，前面加带证书的代理"
    ),
    "http.names: none, though other machines reach {host!r}; wanted is the name that browsers ask for": (
        "http.names：没有，而 {host!r} 对其他机器开放；应写浏览器访问用的主机名"
    ),
    "broker.password_file: a password without a name; wanted is broker.username beside it": (
        "broker.password_file：有密码，没有用户名；还应写 broker.username"
    ),
    "broker.password_file {file} cannot be read: {exc}": "不能读取 broker.password_file {file}：{exc}",
    "oidc.issuer: none, though the rest of [oidc] is set; wanted is an address like https://id.example.cn": (
        "oidc.issuer：没有，而 [oidc] 的其他项已设置；应为网址，如 https://id.example.cn"
    ),
    "oidc.issuer: {issuer!r}; wanted is an address like https://id.example.cn": (
        "oidc.issuer：{issuer!r}；应为网址，如 https://id.example.cn"
    ),
    "oidc.client_id: none; wanted is what the issuer calls this hub": (
        "oidc.client_id：没有；应为统一身份认证给本中心的编号"
    ),
    "oidc.secret_file {file} cannot be read: {exc}": "不能读取 oidc.secret_file {file}：{exc}",
    "oidc.secret_file {file} is empty; wanted is the secret that the issuer gave": (
        "oidc.secret_file {file} 是空的；应为统一身份认证给的密钥"
    ),
    "no settings in TOML, line {line}: {why}": "第 {line} 行不是 TOML 格式的设置：{why}",
    "no settings in TOML: {exc}": "不是 TOML 格式的设置：{exc}",
    "{pair!r} is none; wanted is PART.KEY=VALUE, as limits.guard_s=8": (
        "{pair!r} 不是设置；应为 表.键=值，如 limits.guard_s=8"
    ),
}

_DATABASE: Final = {
    "wanted is sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME": (
        "应为 sqlite:///路径 或 postgresql+psycopg://用户@主机/库名"
    ),
    "database: {exc}; {wanted}": "database：{exc}；{wanted}",
    "database: its port is no number; {wanted}": "database：端口不是数字；{wanted}",
    "database: {backend} is not supported; {wanted}": "database：不支持 {backend}；{wanted}",
    "database: {drivername} is not supported; wanted is {driver}://USER@HOST/NAME": (
        "database：不支持 {drivername}；应为 {driver}://用户@主机/库名"
    ),
    "database: {address!r} names no database; wanted is {driver}://USER@HOST/NAME": (
        "database：{address!r} 没有写库名；应为 {driver}://用户@主机/库名"
    ),
    "database: {address} names no file, and would keep nothing; wanted is sqlite:///PATH": (
        "database：{address} 没有写文件，什么也存不住；应为 sqlite:///路径"
    ),
    "{name} is not installed; wanted is: pip install '.[postgresql]' in Zaigang's folder": (
        "没有安装 {name}；请在 Zaigang 的文件夹里运行：pip install '.[postgresql]'"
    ),
    "there is no database at {place}; first enter the city: zaigang-hub import": (
        "{place} 还没有数据库；请先录入城市：zaigang-hub import"
    ),
    "there is no database at {place}; wanted is that of a hub that has run": (
        "{place} 没有数据库；应为运行过的中心的数据库"
    ),
    "there is no database at {place}; wanted is the data_dir of a hub that has run": (
        "{place} 没有数据库；data_dir 应为运行过的中心的数据文件夹"
    ),
    "the database {place} is empty, and a backup of it lies at {newest}: put that back (hub/README.md, Backups), "
    "or serve --new where an empty hub is meant": (
        "数据库 {place} 是空的，而备份在 {newest}：请恢复备份（hub/README.md，Backups）；"
        "确实要空的中心，请用 zaigang-hub serve --new"
    ),
    "the database {url}": "数据库 {url}",
    "is a standby, which may only be read; wanted is the address of its primary": "是只读的备库；应为主库的地址",
    "keeps text as {encoding}; wanted is a database made with ENCODING 'UTF8'": (
        "文字编码为 {encoding}；应为用 ENCODING 'UTF8' 建立的数据库"
    ),
    "{place} {unfit}": "{place}：{unfit}",
    "the database cannot be opened: {why}": "不能打开数据库：{why}",
    "the database was made by another version: {exc}; wanted is a newer zaigang-hub": (
        "数据库是另一个版本建立的：{exc}；请用更新的 zaigang-hub"
    ),
    "the tables could not be changed, and are as they were: {why}": "不能升级数据表，已保持原样：{why}",
    "the tables could not be changed, and are as they were: rows refer from {told}": (
        "不能升级数据表，已保持原样：有数据引用不到，在 {told}"
    ),
    "the tables are of revision {head}, as this version wants them": "数据表是 {head} 版，与本程序一致",
    "{place} has the tables of revision {found}, this version works with {head}; if they are older, "
    "run: zaigang-hub migrate": (
        "{place} 的数据表是 {found} 版，本程序用 {head} 版；如果较旧，请运行：zaigang-hub migrate"
    ),
    "{place} holds other tables than ours; wanted is a database of its own": (
        "{place} 里有别的程序的数据表；应为单独的数据库"
    ),
    "{place} cannot be opened: {why}": "不能打开 {place}：{why}",
    "{place} is the hub's own database; wanted is the address of another": (
        "{place} 就是中心自己的数据库；应为另一个的地址"
    ),
    "{place} is not empty: there are rows of {name}; wanted is a new database": (
        "{place} 不是空的：已有 {name} 的数据；应为新的数据库"
    ),
    "a row of {name} is not taken there: {why}": "{name} 有一条存不进去：{why}",
    "of {wanted} rows of {name} {found} are there": "{name} 应有 {wanted} 条，只有 {found} 条",
    "{rows} {rows:row is|rows are} in {place}, as many as in {source}": "{place} 里有 {rows} 条，与 {source} 一样多",
}

_FILES: Final = {
    "{in_the_way} is a file; wanted is a directory, for data_dir": "{in_the_way} 是文件；data_dir 应为文件夹",
    "the directory {path} cannot be made: {why}; another data_dir?": (
        "不能新建文件夹 {path}：{why}；要换一个 data_dir 吗？"
    ),
    "{path} belongs to {user}, and what root makes there that user could not open; {wanted}": (
        "{path} 属于用户 {user}，root 在那里新建的文件该用户打不开；{wanted}"
    ),
    "run it as the hub's own user: sudo -u {user} zaigang-hub ...": (
        "请用中心自己的用户运行：sudo -u {user} zaigang-hub ..."
    ),
    "the site key cannot be written to {path}: {why}": "不能把站点密钥写到 {path}：{why}",
    "the site key {path} cannot be read: {why}": "不能读取站点密钥 {path}：{why}",
    "the site key {path} has mode {mode:04o}, open to others; wanted is 0600: chmod 600 {path}": (
        "站点密钥 {path} 的权限是 {mode:04o}，别人也能读；应为 0600：chmod 600 {path}"
    ),
    "{path} holds no site key; wanted are {digits} hex digits. Restore it from a backup": (
        "{path} 里没有站点密钥；应为 {digits} 位十六进制。请从备份恢复"
    ),
    "{path} holds no site keys; wanted are {digits} hex digits a line": (
        "{path} 里没有站点密钥；每行应为 {digits} 位十六进制"
    ),
    "{path} cannot be read: {why}": "不能读取 {path}：{why}",
    "{path} has mode {mode:04o}, open to others; wanted is 0600: chmod 600 {path}": (
        "{path} 的权限是 {mode:04o}，别人也能读；应为 0600：chmod 600 {path}"
    ),
}

_BROKER: Final = {
    "port {port} of {listen} is in use; choose another broker.port, or stop what has it": (
        "{listen} 的端口 {port} 已被占用；请换一个 broker.port，或停掉占用它的程序"
    ),
    "the embedded broker does not come up: {exc}": "内置的消息服务器启动不了：{exc}",
    "the hub has no login at the broker; wanted in its settings is {wanted}": (
        "中心没有消息服务器的用户名；设置里应有 {wanted}"
    ),
    "{one} and {other} under {table}": "{table} 下面的 {one} 和 {other}",
    "mosquitto is not installed; wanted is: apt install mosquitto": "没有安装 mosquitto；请运行：apt install mosquitto",
    "{path} -h does not end; wanted is Mosquitto 2.0 or later": "{path} -h 没有结束；应为 Mosquitto 2.0 或更新",
    "{path} says {said}; wanted is Mosquitto 2.0 or later": "{path} 的应答是 {said}；应为 Mosquitto 2.0 或更新",
    "kiosks would not believe a broker at {asked}: its certificate lacks it; wanted is {wanted}": (
        "终端不会信任 {asked} 上的消息服务器：它的证书里没有这个地址；应为 {wanted}"
    ),
    "one of {names}, or first: zaigang-hub ca issue-broker {more}": (
        "{names} 之一，或先运行：zaigang-hub ca issue-broker {more}"
    ),
    "paho-mqtt {version} has no {missing}; wanted is the version in locks/hub.txt": (
        "paho-mqtt {version} 缺少 {missing}；应为 locks/hub.txt 里的版本"
    ),
    "written: {files}": "已写入：{files}",
    "of no kiosk of this site": "不是本站的终端写的",
    "changed on the way; make it anew at {kiosk}": "途中被改动；请在 {kiosk} 重新导出",
    "written by {writer} in the name of {kiosk}": "是 {writer} 冒用 {kiosk} 的名义写的",
    "of {kiosk} at {station}, which is not entered; first: zaigang-hub import": (
        "是站点 {station} 的终端 {kiosk} 的，而它没有登记；请先：zaigang-hub import"
    ),
    "by a certificate of {kiosk} that was made void; export it anew at the kiosk": (
        "用的是 {kiosk} 已作废的证书；请在终端上重新导出"
    ),
    "the request is not signed by a key on P-256": "申请不是用 P-256 密钥签名的",
    "what was sent is no request for a certificate": "收到的不是证书申请",
    "{file} is {exc}": "{file} {exc}",
    "{file}: the hub does not answer; is it at work?": "{file}：中心没有应答；中心在运行吗？",
    "{file}: {records} {records:record|records} of {kiosk} {records:is|are} stored": (
        "{file}：已存入 {kiosk} 的 {records} 条记录"
    ),
}

SETTINGS_SENTENCES: Final = {**_SETTINGS, **_DATABASE, **_FILES, **_BROKER}
