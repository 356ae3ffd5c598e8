"""Stations have old machines: our styles and scripts use nothing that Chrome 90 lacks (U8).

The list names what has been tempting since; each entry says in which version of Chrome it arrived.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 90
STYLES = {
    r":has\(": (105, "a:has(b) {}"),
    r"@container\b": (105, "@container (width > 1px) {}"),
    r"@layer\b": (99, "@layer base {}"),
    r"@starting-style\b": (117, "@starting-style {}"),
    r"@scope\b": (118, "@scope (a) {}"),
    r"\bsubgrid\b": (117, "grid-template-rows: subgrid"),
    r"\bcolor-mix\(": (111, "color: color-mix(in srgb, red, blue)"),
    r"\bokl(ch|ab)\(": (111, "color: oklch(1 0 0)"),
    r"\blight-dark\(": (123, "color: light-dark(red, blue)"),
    r"\d[dsl]v[hw]\b": (108, "height: 100dvh"),
    r"\baccent-color\s*:": (93, "accent-color: red"),
    r"\btext-wrap\s*:": (114, "text-wrap: balance"),
    r"\bscrollbar-(gutter|width|color)\s*:": (94, "scrollbar-gutter: stable"),
    r"(?<![\w-])(translate|rotate|scale)\s*:": (104, "rotate: 90deg"),
    r"(?<![\w-])mask(-image)?\s*:": (120, "mask-image: none"),
    r":user-(in)?valid\b": (119, "a:user-invalid {}"),
    r":popover-open\b": (114, "a:popover-open {}"),
    r"::details-content\b": (131, "a::details-content {}"),
    r"\bfield-sizing\s*:": (123, "field-sizing: content"),
    r"\btext-box(-trim)?\s*:": (133, "text-box-trim: both"),
    r"\banimation-timeline\s*:": (115, "animation-timeline: scroll()"),
    r"\b(min|max|width|height)\s*[<>]=?\s*\d": (104, "@media (width >= 700px) {}"),
    r"(?<=[{;])\s*&": (112, "a { color: red; &:hover {} }"),
    r"(?<![\w-])inert\b": (102, "[inert] {}"),
    r"\b(round|mod|rem|sin|cos|tan)\(": (111, "width: round(1px, 2px)"),
}
SCRIPTS = {
    r"\.at\(": (92, "list.at(-1)"),
    r"\bObject\.(hasOwn|groupBy)\b": (93, "Object.hasOwn(a, b)"),
    r"\bstructuredClone\(": (98, "structuredClone(a)"),
    r"\.findLast(Index)?\(": (97, "list.findLast(f)"),
    r"\.(toSorted|toReversed|toSpliced|with)\(": (110, "list.toSorted()"),
    r"\brandomUUID\(": (92, "crypto.randomUUID()"),
    r"\bstatic\s*\{": (94, "class A { static { f(); } }"),
    r"#\w+\s+in\s": (91, "#x in a"),
    r"/[dgimsuy]*v[dgimsuy]*\.test\(": (112, "/a/v.test(b)"),
    r"\bAbortSignal\.(timeout|any)\(": (103, "AbortSignal.timeout(9)"),
    r"\.checkVisibility\(": (105, "a.checkVisibility()"),
    r"\b(show|hide|toggle)Popover\(": (114, "a.showPopover()"),
    r"\bURL\.(canParse|parse)\(": (120, "URL.canParse(a)"),
    r"\bPromise\.(withResolvers|try)\(": (119, "Promise.withResolvers()"),
    r"\bArray\.fromAsync\(": (121, "Array.fromAsync(a)"),
    r"\bnew Set\([^)]*\)\.(union|intersection|difference)\(": (122, "new Set(a).union(b)"),
    r"\.inert\b": (102, "a.inert = true"),
    r"\bstartViewTransition\(": (111, "document.startViewTransition(f)"),
}
MARKUP = {
    r"\s(popover|popovertarget|inert)(=|\s|>)": (114, "<p popover>"),
    r"\bfetchpriority=": (102, "<img fetchpriority=low>"),
    r"<(search|selectedcontent)\b": (118, "<search>"),
    r"<details[^>]*\sname=": (120, "<details name=a>"),
}
KINDS = (
    ("static/css", "*.css", STYLES),
    ("static/js", "*.js", SCRIPTS),
    ("templates", "*.html", MARKUP),
)


def too_new(text: str, features: dict[str, tuple[int, str]]) -> list[str]:
    """What ``text`` uses of ``features``, outside comments and ``@supports``."""
    bare = re.sub(r"/\*.*?\*/|@supports[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text, flags=re.DOTALL)
    return [pattern for pattern in features if re.search(pattern, bare)]


@pytest.mark.parametrize(("folder", "names", "features"), KINDS, ids=[kind[0] for kind in KINDS])
def test_nothing_is_too_new(folder: str, names: str, features: dict[str, tuple[int, str]]) -> None:
    files = sorted((ROOT / folder).rglob(names))
    assert files
    used = {file.name: found for file in files if (found := too_new(file.read_text(), features))}
    assert not used


@pytest.mark.parametrize("features", [kind[2] for kind in KINDS], ids=[kind[0] for kind in KINDS])
def test_each_feature_is_recognised(features: dict[str, tuple[int, str]]) -> None:
    for pattern, (version, sample) in features.items():
        assert version > OLDEST
        assert pattern in too_new(sample, features), sample


def test_what_is_guarded_is_allowed() -> None:
    assert not too_new("@supports (height: 1dvh) { a { height: 100dvh; } }", STYLES)
    assert not too_new("/* not :has() */ a { color: red; }", STYLES)
