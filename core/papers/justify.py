"""Justification between Chinese characters, which WeasyPrint 70 lacks: it only stretches blanks.

Without it each line that was cut by a rule of line breaking (no comma at the start of a line) ends
one or two characters short of the margin. The functions replace a private one of WeasyPrint, so
the version is pinned and a test measures the right edges.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.line_break import create_layout

_FIRST_CHINESE = "\u2e80"
_stretch_blanks = inline.justify_line


def install() -> None:
    """Make WeasyPrint use :func:`justify_line`; may be called again."""
    inline.justify_line = justify_line


def justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Fill ``line`` up by ``extra_width`` CSS pixels.

    A line with Chinese text is widened evenly after each character, any other between words.
    """
    texts = list(_texts(line))
    gaps = sum(len(box.text) for box in texts) - 1
    if gaps > 0 and any(character >= _FIRST_CHINESE for box in texts for character in box.text):
        _spread(context, line, extra_width / gaps, 0, texts[-1])
    else:
        _stretch_blanks(context, line, extra_width)


def _texts(box: Any) -> Iterator[Any]:
    """The text boxes of a line in reading order."""
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _texts(child)


def _spread(context: Any, box: Any, gap: float, shift: float, last: Any) -> float:
    """Move ``box`` right by ``shift`` and widen it by ``gap`` a character; answers the new shift.

    ``last`` is the last text box of the line: nothing is added after its last character.
    """
    if isinstance(box, boxes.TextBox):
        box.position_x += shift
        added = gap * (len(box.text) - (box is last))
        _set_letter_spacing(context, box, gap)
        box.width += added
        return shift + added
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += shift
        start = shift
        for child in box.children:
            if child.is_in_normal_flow():
                shift = _spread(context, child, gap, shift, last)
        box.width += shift - start
        return shift
    box.translate(shift, 0)
    return shift


def _set_letter_spacing(context: Any, box: Any, gap: float) -> None:
    """Lay the text of ``box`` out again with ``gap`` more CSS pixels between its characters."""
    style = box.style.copy()
    spacing = style["letter_spacing"]
    style["letter_spacing"] = gap + (0 if spacing == "normal" else spacing)
    box.style = style
    box.pango_layout = create_layout(box.text, style, context, max_width=None, justification_spacing=0)
    box.pango_layout.deactivate()
