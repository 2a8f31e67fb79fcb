"""Archives whose bytes follow from their content alone: names in order, one date, nobody's files."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can say
PROGRAMS = ("install", "uninstall")


def pack(path: Path, files: Mapping[str, bytes]) -> Path:
    """A tar file, put there whole."""
    part = path.with_suffix(".part")
    with tarfile.open(part, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files, key=lambda name: (name not in ("manifest.json", "manifest.sig"), name)):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(files[name]), 0o755 if name in PROGRAMS else 0o644
            tar.addfile(member, io.BytesIO(files[name]))
    part.replace(path)
    return path


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip file, as a wheel is one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files, key=lambda name: (".dist-info/" in name, name)):
            member = zipfile.ZipInfo(name, DATE)
            member.external_attr, member.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return stream.getvalue()
