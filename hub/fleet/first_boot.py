"""What cloud-init reads at a kiosk's first boot (NoCloud), on its boot partition or a stick named CIDATA. Pure."""

import json


def seed_of(kiosk: str, serial: int, zone: str) -> dict[str, bytes]:
    """Return the files by name; another certificate's serial makes a first boot of the next one.

    Without netplan it takes an interface's entry for its name, and finds none that is called `wired`: so networkd,
    where that is at work, is told by itself, and else ifupdown; whoever has NetworkManager needs neither. Nothing here
    waits for an address: an install needs none.
    """
    instance = f"zaigang-{kiosk}-{serial:x}"
    name = "".join(c if c.isalnum() else "-" for c in kiosk.lower()).strip("-")
    user_data = f"""\
#cloud-config
hostname: {json.dumps(name)}
timezone: {json.dumps(zone)}
ssh_pwauth: false
runcmd:
  - - sh
    - -c
    - |
      if systemctl --quiet is-active systemd-networkd; then
        printf '[Match]\\nName=e*\\nType=ether\\n[Network]\\nDHCP=yes\\n' > /etc/systemd/network/90-zaigang.network
        networkctl reload
      elif command -v ifup >/dev/null && ! systemctl --quiet is-active NetworkManager; then
        rm -f /etc/network/interfaces.d/50-cloud-init
        printf 'auto lo\\niface lo inet loopback\\n' > /etc/network/interfaces.d/zaigang
        for path in /sys/class/net/e*; do
          name=${{path##*/}}
          if ifquery "$name" >/dev/null 2>&1; then continue; fi
          printf 'allow-hotplug %s\\niface %s inet dhcp\\n' "$name" "$name" >> /etc/network/interfaces.d/zaigang
          systemctl --no-block start "ifup@$name.service"
        done
      fi
      mkdir -p /run/zaigang-stick
      mount LABEL=CIDATA /run/zaigang-stick 2>/dev/null || mount LABEL=cidata /run/zaigang-stick 2>/dev/null
      for folder in /boot/firmware /boot /run/zaigang-stick; do
        if [ -f "$folder/kiosk.toml" ] && [ -f "$folder/install" ]; then
          exec sh "$folder/install"
        fi
      done
      echo "zaigang: no prepared folder was found" >&2
      for lamp in /sys/class/leds/ACT /sys/class/leds/led0; do
        if [ -d "$lamp" ]; then
          echo timer > "$lamp/trigger"
          echo 100 | tee "$lamp/delay_on" > "$lamp/delay_off"
        fi
      done
      exit 1
"""
    network = """\
version: 2
ethernets:
  wired:
    match:
      name: "e*"
    dhcp4: true
    dhcp6: true
    optional: true
"""
    meta_data = f"instance-id: {instance}\nlocal-hostname: {name}\n"
    return {
        "user-data": user_data.encode(), "network-config": network.encode(), "meta-data": meta_data.encode(),
    }  # fmt: skip
