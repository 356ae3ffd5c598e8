"""Templates and static files keep the house rules: no inline code, Chrome 90, nothing missing."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if "documents" not in path.parts]
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|javascript:|<style|<script(?![^>]*\ssrc=)")
TOO_NEW_CSS = re.compile(r":has\(|color-mix\(|@layer|@container|@scope|oklch\(|light-dark\(|&[:.\s]")
TOO_NEW_JS = re.compile(
    r"\.toSorted\(|\.at\(|\.findLast\(|structuredClone|Object\.hasOwn|"
    r"\beval\(|\bFunction\(|document\.write"
)
POSTED = re.compile(r"<form[^>]*method=.post.*?</form>", re.DOTALL)
TOKENS = ("{% one_time %}", "{% csrf_token %}")


def offending(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    """``file: match`` for every place where ``pattern`` is found."""
    return [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in paths
        for found in pattern.finditer(path.read_text())
    ]


def named(pattern: str) -> set[str]:
    """What the first group of ``pattern`` finds in all templates."""
    return {word for path in PAGES for word in re.findall(pattern, path.read_text())}


def test_templates_hold_no_inline_code() -> None:
    assert not offending(PAGES, INLINE)


def test_templates_name_only_what_exists() -> None:
    sprite = (TEMPLATES / "parts" / "sprite.html").read_text()
    icons = named(r"{% icon [\"'](\w+)[\"']")
    assert not [icon for icon in icons if f'id="i-{icon}"' not in sprite]
    files = named(r"{% static ['\"]([^'\"]+)['\"]")
    assert not [file for file in files if not finders.find(file)]
    parts = named(r"{% (?:include|extends) ['\"]([^'\"]+)['\"]")
    own = [part for part in parts if not part.startswith("bootstrap5/")]
    assert not [part for part in own if not (TEMPLATES / part).exists()]


def test_posted_forms_carry_a_token() -> None:
    bare = [
        f"{path.relative_to(ROOT)}: {form[:80]}"
        for path in PAGES
        for form in POSTED.findall(path.read_text())
        if not any(token in form for token in TOKENS)
    ]
    assert not bare


def test_styles_and_scripts_suit_the_oldest_browser() -> None:
    assert not offending(STYLES, TOO_NEW_CSS)
    assert not offending(SCRIPTS, TOO_NEW_JS)


def test_nothing_is_fetched_from_elsewhere() -> None:
    elsewhere = re.compile(r"(?:src|href|url)\s*[=(]\s*['\"]?(?:https?:)?//|fetch\(.https?:")
    assert not offending([*PAGES, *STYLES, *SCRIPTS], elsewhere)


def test_no_file_is_too_long() -> None:
    assert not [path for path in [*PAGES, *STYLES, *SCRIPTS] if path.read_text().count("\n") > 400]
