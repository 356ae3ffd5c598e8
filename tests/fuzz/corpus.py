"""What nobody should send: values, addresses, headers and bodies."""

from __future__ import annotations

from urllib.parse import quote

TEXTS = (
    "' OR 1=1--", "'); DROP TABLE members_member;--", "<script>alert(1)</script>\"'&", "{{ 7*7 }}{% debug %}",
    "${7*7}", "=cmd|' /C calc'!A0", "@SUM(1)", "\u202e\u2067倒\u2069", "👩🏽‍🚒🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301\u0323" * 30,
    "\ufeff\u200b\u00a0",
    "../../../../etc/passwd", "..\\..\\windows", "/etc/passwd", "file:///etc/passwd", "//evil", "http://evil/",
    "javascript:alert(1)", "%s%n%d", "%(x)s", "\r\nSet-Cookie: a=b", "\x01\x08\x1b[2J", "长" * 5000, "a" * 70_000,
    "null", "None", "true", "[]", "{}", "__proto__", "东", "器材", "刘", "党", "on", "xlsx", "secretary",
)  # fmt: skip
NUMBERS = (
    "-1", "0", "1", "2", "3", "1.5", "1e9", "1e400", "٣", "9" * 30, str(10**24), str(2**31), str(2**31 - 1),
    str(2**63), str(-(2**63) - 1), "0x10", "NaN", "Infinity", "-Infinity", "", " ", "+1", "1_0", "²", "１２",
)  # fmt: skip
DAYS = (
    "2024-02-30", "2026-02-29", "0000-00-00", "9999-12-31", "10000-01-01", "0001-01-01", "2026-13-01T25:61",
    "2026-10", "2026Q3", "2026Q9", "9999-12", "0000-01", "2026", "24:00", "19:30", "2026-11-10", "-1",
)  # fmt: skip
VALUES = (*TEXTS, *NUMBERS, *DAYS)
RAW = ("%00", "a%00b", "%FF", "%ED%A0%80", "%C0%AF", "%E4%B8", "%", "%zz", "%u0041", "%0d%0aX:%20y")
"""Parts of addresses that are no text."""
PARAMETERS = (
    "q", "sort", "page", "page_size", "cols", "export", "state", "kind", "organization", "held_after", "search",
    "held_before", "due_after", "due_before", "period", "duty", "meeting", "stage", "category", "rank", "code",
    "sex", "active", "year", "month", "node", "open", "faulty", "copy", "group", "until", "regulation", "on",
    "severity", "own", "user", "verb", "since", "title", "rule", "number", "parent", "level", "status", "next",
    "actor", "subject", "result", "tries", "persons", "post", "format", "_method", "token", "csrfmiddlewaretoken",
)  # fmt: skip
KEYS = (
    *map(str, range(40)),
    *NUMBERS,
    *map(quote, TEXTS[:20]),
    *RAW,
    "..",
    "%2e%2e",
    "%2F",
    "pdf",
    "docx",
    "exe",
)
"""What stands where an address names a row."""
METHODS = (
    ("GET",) * 16 + ("POST",) * 14 + ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get")
)
HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("HTTP_HX_REQUEST", ("true", "false", "x")),
    (
        "HTTP_HX_CURRENT_URL",
        ("http://evil/", "javascript:alert(1)", "/meetings/?q=1", "\u00ff", "//[", "http://[::1"),
    ),
    ("HTTP_HX_TARGET", ("x", '"><script>')),
    (
        "HTTP_ACCEPT",
        ("text/html", "application/json", "application/xml", "*/*;q=x", ";;;", "text/html" * 5000),
    ),
    ("HTTP_ACCEPT_LANGUAGE", ("en", "zh-TW", "x" * 600, "de;q=9", "../..")),
    ("HTTP_ACCEPT_ENCODING", ("gzip", "br", "\u00ff")),
    (
        "HTTP_AUTHORIZATION",
        ("Token", "Token x", "Token " + "0" * 64, "Token a b", "Basic Og==", "Bearer x", "\u00ff"),
    ),
    ("HTTP_HOST", ("evil", "127.0.0.1:99999", "a b", "localhost:8000", "[::1", "x" * 300, "127.0.0.1@evil")),
    ("HTTP_X_FORWARDED_FOR", ("' OR 1=1", "::1", "999.1.1.1", "x" * 70_000)),
    ("HTTP_X_FORWARDED_HOST", ("evil",)),
    ("HTTP_X_FORWARDED_PROTO", ("https", "javascript")),
    ("HTTP_X_HTTP_METHOD_OVERRIDE", ("DELETE",)),
    ("HTTP_REFERER", ("http://evil/", "//", "\u00ff", "http://[")),
    ("HTTP_ORIGIN", ("null", "http://evil", "http://[")),
    ("HTTP_RANGE", ("bytes=0-1", "bytes=-9", "bytes=9-1", "x")),
    ("HTTP_IF_MODIFIED_SINCE", ("x", "Sat, 32 Foo 2026 99:99:99 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")),
    ("HTTP_IF_NONE_MATCH", ("*", '"x', "W/")),
    ("HTTP_X_CSRFTOKEN", ("x", "0" * 64, "\u00ff" * 32)),
    ("HTTP_CONTENT_ENCODING", ("gzip", "x")),
    (
        "HTTP_COOKIE",
        ("sessionid=x", "sessionid=" + "x" * 9000, "csrftoken=\u00ff; a", "=;=;", "messages=x:y:z"),
    ),
    ("HTTP_USER_AGENT", ("", "x" * 70_000, "<script>", "\u00ff")),
    ("CONTENT_LENGTH", ("-1", "x", "99999999999", "")),
    ("REMOTE_ADDR", ("::1", "10.0.0.1")),
)
"""Headers, each with what it may hold wrongly."""
TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json", "text/plain",
    "multipart/form-data", "multipart/form-data; boundary=" + "b" * 300, "application/json; charset=utf-7",
    "application/x-www-form-urlencoded; charset=nothing", "application/xml", "", "/", ";", "x" * 5000,
    "multipart/form-data; boundary=\u00ff", "application/json; charset=nothing", "text/html; charset=utf-16",
)  # fmt: skip
BODIES = (
    b"", b"[]", b"null", b"{", b'"text"', b"\xff\xfe", b"[" * 5000, b'{"a":' * 3000, b"1e400", b"NaN", b"{}",
    b'{"minutes": "a\\u0000b"}', b'{"organization": 1e400}', b'{"version": NaN}', b'{"reason": "\\ud800"}',
    b'{"username": ["a"], "password": {"b": 1}}', b'{"reason": 5, "version": true}', b"a=%00&b=%FF", b"a" * 100_000,
    b"--b\r\n", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", b"--b--", b"--b\r\nX\r\n\r\n\r\n--b--\r\n",
    b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n\xff\r\n--b--\r\n', b"&" * 6000, b"=&=&=", b"a=1" * 9,
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x\x00.pdf"\r\n\r\n%PDF\r\n--b--\r\n',
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\nContent-Transfer-Encoding: base64'
    b"\r\n\r\n!!!\r\n--b--\r\n", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
)  # fmt: skip
FILES = (
    ("a.pdf", b"%PDF-1.4\n%%EOF\n"), ("a.pdf", b""), ("../../a.pdf", b"%PDF-1.4\n" + b"x" * 2000), ("a.exe", b"MZ"),
    ("a.xlsx", b"PK\x03\x04" + bytes(200)), ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(100)),
    ("长" * 300 + ".pdf", b"%PDF-1.4"),
    ("a.svg", b"<svg onload='alert(1)'/>"), ("\u202efdp.exe", b"x"), ("a.docx", b"PK\x05\x06" + bytes(18)),
)  # fmt: skip
