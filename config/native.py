"""Lets .venv's Python find the fonts, PDF libraries and test browser that ``./run`` unpacked.

Started by ``./run`` as ``python -S config/native.py CACHE VENV``; standard library only, and
without site packages, lest an earlier start-up module hide what the system lacks. It writes
``CACHE/fonts.conf`` and a start-up module into .venv, so that manage.py, pytest and gunicorn work
when they are started by hand, without a wrapper and without LD_LIBRARY_PATH.
"""

from __future__ import annotations

import ctypes
import platform
import shutil
import sys
from pathlib import Path
from xml.sax.saxutils import escape

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <!-- FandolSong-Bold declares a regular weight: without this rule every 宋 comes out bold. -->
  <match target="scan">
    <test name="family"><string>FandolSong</string></test>
    <test name="style"><string>Bold</string></test>
    <edit name="weight" mode="assign"><const>bold</const></edit>
  </match>
  <alias>
    <family>sans-serif</family>
    <prefer><family>Noto Sans CJK SC</family><family>FandolHei</family></prefer>
  </alias>
  <alias><family>serif</family><prefer><family>FandolSong</family></prefer></alias>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <dir>{cache}/fonts</dir>
  <dir>{cache}/browser-fonts</dir>
  <dir>{cache}/libraries/usr/share/fonts</dir>
  <cachedir>{cache}/fontconfig</cachedir>
</fontconfig>
"""
STARTUP_MODULE = '''"""Written by config/native.py: points this Python at what ./run unpacked."""

import ctypes
import os

for name, value in {variables!r}.items():
    os.environ.setdefault(name, value)
for library in {libraries!r}:
    try:
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        pass  # the folder was removed; ./run setup brings it back
'''


def library_folders(unpacked: Path) -> list[Path]:
    """Where Debian's packages keep shared libraries; none where nothing was unpacked."""
    name = f"lib/{platform.machine()}-linux-gnu"
    folders = (unpacked / "usr" / name, unpacked / name, unpacked / "usr" / name / "pulseaudio")
    return [folder for folder in folders if folder.exists()]


def loads(library: str) -> bool:
    """Whether a shared library can be loaded; it stays loaded in this process."""
    try:
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def loading_order(folders: list[Path]) -> list[str]:
    """The libraries in ``folders`` that the system lacks, each after those it needs itself."""
    files = [file for folder in folders for file in sorted(folder.glob("*.so.*"))]
    sonames = [file for file in files if file.is_symlink()]
    waiting = [str(file) for file in sonames if not loads(file.name)]
    order: list[str] = []
    while loaded := [file for file in waiting if loads(file)]:
        order += loaded
        waiting = [file for file in waiting if file not in loaded]
    return order


def variables(cache: Path) -> dict[str, str]:
    """Environment variables for this Python and what it starts; a value set outside wins."""
    found = {"FONTCONFIG_FILE": str(cache / "fonts.conf")}
    unpacked = cache / "browser/usr/lib/chromium/chromium"
    if browser := shutil.which("chromium") or (str(unpacked) if unpacked.exists() else ""):
        found["CHROMIUM"] = browser
    if folders := library_folders(cache / "browser"):
        # only for child processes: Chromium and playwright's driver
        found["LD_LIBRARY_PATH"] = ":".join(map(str, folders))
    return found


def main(cache: Path, venv: Path) -> None:
    """Write the font configuration, and the start-up module into .venv."""
    (cache / "fonts.conf").write_text(FONTS_CONF.format(cache=escape(str(cache))))
    libraries = loading_order(library_folders(cache / "libraries"))
    (packages,) = venv.glob("lib/python3*/site-packages")
    text = STARTUP_MODULE.format(variables=variables(cache), libraries=libraries)
    (packages / "portal_native.py").write_text(text)
    (packages / "portal_native.pth").write_text("import portal_native\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
