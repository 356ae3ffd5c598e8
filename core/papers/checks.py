"""What must be on the machine before papers can be printed."""

import re
from functools import cache

from core.papers import fontlist
from core.papers.engine import folder, load_press

ROLES = {
    "fangsong": "仿宋",
    "kaiti": "楷体",
    "heiti": "黑体",
    "biaosong": "小标宋",
    "songti": "宋体",
    "rare": "生僻字",
}


@cache
def faces() -> dict[str, tuple[str, ...]]:
    """The font families of each role in order of preference, as ``faces.css`` names them."""
    css = (folder() / "faces.css").read_text(encoding="utf-8")
    stacks = re.findall(r"--(\w+):([^;]+);", css)
    return {role: tuple(re.findall(r'"([^"]+)"', stack)) for role, stack in stacks}


def paper_problems() -> list[str]:
    """What keeps this machine from printing papers well, a Chinese sentence each; empty if fine.

    It imports WeasyPrint (60 MB), so ask in the worker or at start-up rather than per request.
    """
    try:
        installed = fontlist.families()
    except OSError as error:
        return [f"缺少 fontconfig 组件，请安装 libpango-1.0-0 与 libpangoft2-1.0-0（{error}）。"]
    if not installed:
        return ["未找到中文字体，请安装字体后重新启动。"]
    return _missing_faces(installed) + _library_problems()


def _missing_faces(installed: set[str]) -> list[str]:
    """Roles for which no family but the last resort for rare characters is installed."""
    last_resort = faces()["rare"][0]
    problems = []
    for role, name in ROLES.items():
        wanted = [family for family in faces()[role] if role == "rare" or family != last_resort]
        if not installed.intersection(wanted):
            problems.append(f"缺少{name}字体，请安装其中之一：{'、'.join(wanted)}。")
    return problems


def _library_problems() -> list[str]:
    """Missing system libraries."""
    try:
        press = load_press()
    except OSError as error:
        return [f"缺少排版组件，请安装 libpango-1.0-0 与 libpangoft2-1.0-0（{error}）。"]
    if not press.subsetter_present():
        return ["缺少 libharfbuzz-subset0，生成 PDF 会慢十倍以上，请安装。"]
    return []
