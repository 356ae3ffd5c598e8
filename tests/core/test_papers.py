"""Papers say what they were given, in embedded fonts, and open nothing they should not."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from core.papers import (
    Kind,
    Paper,
    PaperError,
    Paragraph,
    paper_html,
    paper_pdf,
    paper_problems,
    qr_svg,
    render_pdf,
)
from core.papers.checks import faces
from core.papers.engine import folder
from core.papers.fontlist import families
from tests.core.paper_ruler import fonts, lines, opened, streams, text
from tests.core.paper_samples import ISSUER, PUNCTUATION, RARE, bulletin, figures, minutes, roster


@pytest.fixture(autouse=True)
def _strict(settings: Settings) -> None:
    settings.PAPERS_STRICT = True


@cache
def _pdf(name: str) -> bytes:
    return paper_pdf({"bulletin": bulletin(), "minutes": minutes(), "roster": roster(3)}[name])


def test_this_machine_can_print() -> None:
    assert paper_problems() == []


def test_a_machine_without_fonts_says_so_and_does_not_die(tmp_path: Path) -> None:
    none = tmp_path / "fonts.conf"
    none.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    code = (
        "import django; django.setup(); from core.papers import *\n"
        "print(paper_problems())\n"
        "try: render_pdf('<p>甲', title='乙')\n"
        "except PaperError as error: print(error)"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(none), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "['未找到中文字体，请安装字体后重新启动。']",
        "服务器没有中文字体，暂时不能生成 PDF。请联系系统管理员。",
    ]


def test_each_face_has_an_installed_family() -> None:
    installed = families()
    for role, stack in faces().items():
        assert installed.intersection(stack), role


@pytest.mark.parametrize("name", ["bulletin", "minutes", "roster"])
def test_same_paper_same_bytes(name: str) -> None:
    paper = {"bulletin": bulletin(), "minutes": minutes(), "roster": roster(3)}[name]
    assert paper_pdf(paper) == _pdf(name)


@pytest.mark.parametrize("name", ["bulletin", "minutes", "roster"])
def test_fonts_are_embedded_and_of_the_faces_named(name: str) -> None:
    pdf = opened(_pdf(name))
    known = {family.replace(" ", "") for stack in faces().values() for family in stack}
    for font in fonts(pdf):
        assert any(font.replace("-", "").startswith(family.removesuffix("R")) for family in known), font
    raw = b"".join(streams(pdf))
    assert _pdf(name).count(b"/FontFile") + raw.count(b"/FontFile") == len(fonts(pdf))


def test_everything_said_is_printed() -> None:
    printed = text(opened(_pdf("bulletin")))
    for part in (
        "000012内部特急",
        f"{ISSUER}文件岚消党〔2026〕12号",
        "关于2026年10月全市消防救援队伍党建工作情况的通报各大队党委，机关各党支部：",
        "一、总体情况",
        "表1落实情况单位：次",
        "注：封账时数据。",
        "按期率",
        "（一）组织生活1.支部委员会会议按月召开，（1）党小组会由各小组自行安排。",
        "附件：1.滞后事项清单2.组织生活明细（电子表格另发）",
        f"{ISSUER}2026年11月5日（此件发至党支部）",
        "附件1滞后事项清单",
        "抄送：省消防救援总队党委，市直机关工委，支队党委委员。",
        "青岚市消防救援支队政治部2026年11月5日印发",
        "9f3a61c277d04b1ea8c503fe52d9b671",
    ):
        assert part in printed, part


def test_punctuation_and_rare_names_survive() -> None:
    printed = text(opened(_pdf("bulletin")))
    assert PUNCTUATION in printed
    assert all(name in printed for name in RARE)


def test_minutes_have_elements_text_signatures_and_a_traceable_foot_on_each_page() -> None:
    pdf = opened(_pdf("minutes"))
    printed = text(pdf)
    for part in (
        "主持人周启明记录人陈㛃",
        "缺席赵𬭎（出警）",
        "刘喆：同意。",
        "2026年10月12日",
        "年月日",
        "第1页共1页",
    ):
        assert part in printed, part
    for page in pdf.pages:
        assert "9f3a61c277d04b1ea8c503fe52d9b671" in page.extract_text()
        assert len(page.curves) + len(page.rects) + len(page.lines) > 20, "the QR code is drawn"


def test_archive_format_with_title_author_and_language() -> None:
    pdf = _pdf("bulletin")
    xmp = next(part for part in streams(opened(pdf)) if b"xpacket" in part).decode()
    assert 'pdfaid:part="2"' in xmp or "<pdfaid:part>2" in xmp
    assert 'pdfaid:conformance="U"' in xmp or "<pdfaid:conformance>U" in xmp
    assert "关于2026年10月全市消防救援队伍党建工作情况的通报" in xmp
    assert ISSUER in xmp
    assert b"zh-CN" in pdf or any(b"zh-CN" in part for part in streams(opened(pdf)))


def test_draft_is_marked_on_each_page() -> None:
    pdf = opened(paper_pdf(replace(minutes(), watermark="草稿")))
    assert all({"草", "稿"} <= {char["text"] for char in page.chars} for page in pdf.pages)


def test_markup_in_a_text_is_only_text() -> None:
    assert "<link rel=attachment href=file:///etc/hostname>" in opened(_pdf("bulletin")).pages[
        0
    ].extract_text().replace("\n", "").replace(" rel", " rel")
    evil = Paper(
        kind=Kind.OFFICIAL,
        issuer="<b>甲",
        title="<script>乙",
        blocks=(Paragraph("&lt;<img src=x>"),),
    )
    html = paper_html(evil)
    assert "<script>" not in html
    assert "<img" not in html
    assert "<b>甲" not in html


@pytest.mark.usefixtures("expects_errors")
def test_a_character_without_glyph_is_an_error() -> None:
    with pytest.raises(PaperError, match="字库缺少这些字"):
        paper_pdf(Paper(kind=Kind.OFFICIAL, issuer="甲", title="乙", blocks=(Paragraph("\U0010fffd"),)))


@pytest.mark.usefixtures("expects_errors")
def test_outside_the_tests_it_is_logged_and_the_paper_still_printed(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PAPERS_STRICT = False
    assert (
        paper_pdf(Paper(kind=Kind.OFFICIAL, issuer="甲", title="乙", blocks=(Paragraph("\U0010fffd"),)))[:5]
        == b"%PDF-"
    )
    assert "no font for" in caplog.text
    caplog.clear()


def test_too_many_rows_are_refused_with_a_way_out() -> None:
    paper = Paper(kind=Kind.ROSTER, issuer="甲", title="名册", blocks=(figures(1100),))
    with pytest.raises(PaperError, match="《名册》的表格共 1100 行.*电子表格"):
        paper_pdf(paper)


@pytest.mark.usefixtures("expects_errors")
def test_a_layout_that_fails_gives_a_sentence_and_the_collector_runs_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(PaperError, match="《深》排版未完成。请检查正文内容后重试"):
        render_pdf("<div>" * 3000, title="深")
    assert gc.isenabled()
    caplog.clear()


def test_qr_code_is_vector_and_holds_no_markup() -> None:
    svg = qr_svg('http://127.0.0.1:8000/?a="><script>')
    assert svg.startswith("<svg")
    assert "script" not in svg


class _Hits(BaseHTTPRequestHandler):
    """Counts who asks."""

    paths: list[str] = []

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"SECRET-OF-A-SERVER")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Hits)
    _Hits.paths.clear()
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("expects_errors")
def test_hostile_html_reaches_neither_files_nor_network(
    listener: str, tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PAPERS_STRICT = False
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-OF-A-FILE")
    up = "../" * 12
    addresses = [
        f"file://{secret}",
        f"FILE://{secret}",
        f"file://localhost{secret}",
        f"file://{folder()}/{up}{secret}",
        f"file://{folder()}/%2e%2e/%2e%2e/manage.py",
        f"{up}{str(secret)[1:]}",
        f"{listener}/a",
        f"//{listener.removeprefix('http://')}/b",
        f"ftp://{listener.removeprefix('http://')}/c",
    ]
    html = "<meta charset=utf-8>" + "".join(
        f'<link rel=attachment href="{a}"><a rel=attachment href="{a}">x</a><img src="{a}">'
        f'<link rel=stylesheet href="{a}">'
        f'<object data="{a}"></object><embed src="{a}"><iframe src="{a}"></iframe>'
        f'<svg><image href="{a}"/><use href="{a}"/></svg>'
        f'<style>@import url("{a}"); @font-face {{font-family:f; src:url("{a}")}}</style>'
        f'<style>p {{background:url("{a}")}}</style>'
        f'<p style="font-family:f">x</p>'
        for a in addresses
    )
    pdf = render_pdf(html, title="恶意")
    redirected = render_pdf(
        f'<base href="{listener}/"><link rel=attachment href="d"><img src=e>', title="恶意"
    )
    assert _Hits.paths == []
    for part in (pdf, redirected):
        assert b"EmbeddedFile" not in part
        everything = part + b"".join(streams(opened(part)))
        assert b"SECRET" not in everything
        assert b"DJANGO_SETTINGS_MODULE" not in everything
    caplog.clear()


@pytest.mark.usefixtures("expects_errors")
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "static/papers").mkdir(parents=True)
    (tmp_path / "secret.css").write_text("p { color: #123456 }")
    (tmp_path / "static/papers/out.css").symlink_to(tmp_path / "secret.css")
    (tmp_path / "static/papers/in.css").write_text("p { color: #00ff00 }")
    settings.BASE_DIR, settings.PAPERS_STRICT = tmp_path, False
    html = '<link rel=stylesheet href="in.css"><link rel=stylesheet href="out.css"><p>x</p>'
    colors = {
        tuple(char["non_stroking_color"]) for char in opened(render_pdf(html, title="甲")).pages[0].chars
    }
    assert colors == {(0, 1, 0)}


def test_lines_of_the_ruler_are_whole() -> None:
    """The measuring itself: a line of the minutes comes back as one line."""
    assert any(line.text.startswith("刘喆：同意。") for line in lines(opened(_pdf("minutes"))))
