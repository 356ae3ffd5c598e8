"""Which font families fontconfig knows, asked of the library itself.

The command fc-list is not on the path where the libraries were unpacked without root; and Pango
ends the process if there is no font at all, which fontconfig alone does not.
"""

from ctypes import CDLL, POINTER, Structure, c_char_p, c_int, c_void_p, string_at


class _FontSet(Structure):
    """``FcFontSet`` of fontconfig."""

    _fields_ = [("count", c_int), ("room", c_int), ("patterns", POINTER(c_void_p))]


def families(language: str = "zh-cn") -> set[str]:
    """Names of the installed families that cover ``language``; OSError without fontconfig."""
    library = CDLL("libfontconfig.so.1")
    _declare(library)
    pattern = library.FcNameParse(f":lang={language}".encode())
    wanted = library.FcObjectSetBuild(b"family", None)
    found = library.FcFontList(None, pattern, wanted)
    try:
        fonts = found.contents
        names = [_family(library, fonts.patterns[place]) for place in range(fonts.count)]
    finally:
        library.FcFontSetDestroy(found)
        library.FcObjectSetDestroy(wanted)
        library.FcPatternDestroy(pattern)
    return {name.strip() for line in names for name in line.split(",")}


def _declare(library: CDLL) -> None:
    """Types of the functions used; pointers would be cut to 32 bits without."""
    signatures = {
        "FcNameParse": (c_void_p, [c_char_p]),
        "FcObjectSetBuild": (c_void_p, [c_char_p, c_void_p]),
        "FcFontList": (POINTER(_FontSet), [c_void_p, c_void_p, c_void_p]),
        "FcPatternFormat": (c_void_p, [c_void_p, c_char_p]),
        "FcStrFree": (None, [c_void_p]),
        "FcFontSetDestroy": (None, [POINTER(_FontSet)]),
        "FcObjectSetDestroy": (None, [c_void_p]),
        "FcPatternDestroy": (None, [c_void_p]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def _family(library: CDLL, pattern: int) -> str:
    """The family names of one font, separated by commas."""
    text = library.FcPatternFormat(pattern, b"%{family}")
    try:
        return string_at(text).decode()
    finally:
        library.FcStrFree(text)
