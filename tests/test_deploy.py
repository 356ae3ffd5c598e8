"""``docs/deploy``: the guide and its files name only commands, options, paths and variables that exist."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from config import queues
from config.backup import keys
from core.middleware import MAX_BODY

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs/deploy"
GUIDE = (DEPLOY / "README.md").read_text()
UNITS = {path.name: path.read_text() for path in sorted((DEPLOY / "systemd").iterdir())}
NGINX = (DEPLOY / "nginx.conf").read_text()
WRAPPER = (DEPLOY / "portal-manage").read_text()
VARIABLES = dict(
    line.partition("=")[::2]
    for line in (DEPLOY / "portal.env").read_text().splitlines()
    if line and not line.startswith("#")
)
BLOCKS = re.findall(r"```sh\n(.*?)```", GUIDE, re.S)
LINES = [line for block in BLOCKS for line in block.splitlines()]


def starts() -> list[tuple[str, list[str]]]:
    """Unit and words of every ExecStart."""
    found = [(name, re.findall(r"^ExecStart=(.*)$", text, re.M)) for name, text in UNITS.items()]
    return [(name, shlex.split(line)) for name, lines in found for line in lines]


def management() -> list[list[str]]:
    """Words after ``manage.py`` of every command of guide and units."""
    typed = [shlex.split(line, comments=True) for line in LINES if "portal-manage " in line]
    typed = [line[line.index("portal-manage") + 1 :] for line in typed if "portal-manage" in line]
    return typed + [line[line.index("manage.py") + 1 :] for _, line in starts() if "manage.py" in line]


@pytest.mark.parametrize("words", management(), ids=" ".join)
def test_every_management_command_takes_what_it_is_given(words: list[str]) -> None:
    command = load_command_class(get_commands()[words[0]], words[0])
    parser: ArgumentParser = command.create_parser("manage.py", words[0])
    assert parser.parse_args(words[1:])


def test_every_program_takes_its_options() -> None:
    """gunicorn and celery say themselves whether they know what they are given."""
    for name, words in starts():
        program = words[0].removeprefix("/opt/portal/")
        assert (ROOT / program).exists(), name
        if "manage.py" in words:
            continue
        asked = [*words[1:4], "--help"] if program.endswith("celery") else ["--help"]
        done = subprocess.run([ROOT / program, *asked], cwd=ROOT, capture_output=True, text=True, check=True)
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options
        assert options <= set(re.findall(r"--[a-z-]+", done.stdout)), name


def test_every_variable_is_read_by_the_program() -> None:
    settings = (ROOT / "config/settings.py").read_text()
    for name in VARIABLES:
        assert f'"{name}"' in settings, name
    named = set(re.findall(r"`([A-Z][A-Z_]+)[=`]", GUIDE)) | set(re.findall(r"\b(BACKUP_\w+)=", GUIDE))
    assert named <= VARIABLES.keys() | {keys.PASSPHRASE}


def test_the_environment_file_is_read_by_shell_and_systemd_alike() -> None:
    """No blank in a value, nothing that a shell would replace."""
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    code = f"set -eu; set -a; . {DEPLOY}/portal.env; exec {sys.executable} -c '{show}'"
    done = subprocess.run(
        ["sh", "-c", code], env={"PATH": "/bin"}, capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout)
    assert {name: seen[name] for name in VARIABLES} == VARIABLES
    assert not any(re.search(r"[\s$`\"'\\]", value) for value in VARIABLES.values())


def test_the_queues_are_all_worked() -> None:
    assert set(re.findall(r"portal-worker@(\w+)\.service", UNITS["portal.target"])) == set(queues.NAMES)
    assert set(re.findall(r"portal-worker@(\w+)\.service", GUIDE)) == set(queues.NAMES)


def test_every_file_and_unit_that_is_named_exists() -> None:
    for path in re.findall(r"docs/deploy/[\w./@-]+", GUIDE):
        assert (ROOT / path).exists(), path
    templates = {
        re.sub(r"@\w+\.", "@.", unit)
        for unit in re.findall(r"portal[\w@-]*\.(?:service|target|timer)", GUIDE)
    }
    assert templates == UNITS.keys() - {"portal-backup.service"}
    for name, text in UNITS.items():
        for unit in re.findall(r"portal-[\w@-]+\.(?:service|target)", text):
            assert re.sub(r"@\w+\.", "@.", unit) in UNITS, name
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in UNITS
    assert "timers.target" in UNITS["portal-backup.timer"]


def test_the_places_are_the_same_everywhere() -> None:
    places = {"/opt/portal", "/etc/portal/portal.env", VARIABLES["DATA_DIR"], "/var/backups/portal"}
    for place in places:
        assert f"`{place}`" in GUIDE
    for name, text in UNITS.items():
        if not name.endswith(".service"):
            continue
        assert "EnvironmentFile=/etc/portal/portal.env" in text
        assert "WorkingDirectory=/opt/portal\n" in text
        assert f"ReadWritePaths={VARIABLES['DATA_DIR']}\n" in text
        assert "User=portal" in text
    assert "ReadWritePaths=/var/backups/portal" in UNITS["portal-backup.service"]
    assert ". /etc/portal/portal.env" in WRAPPER
    assert (DEPLOY / "portal-manage").stat().st_mode & 0o111
    made = set(re.findall(r"(?:install -d .*|--home) (/[\w/]+)", GUIDE))
    assert {VARIABLES["DATA_DIR"], "/var/backups/portal", "/etc/portal", "/etc/ssl/portal"} <= made


def test_nginx_and_the_program_agree() -> None:
    (bind,) = re.findall(r"--bind (\S+)", UNITS["portal-web.service"])
    assert set(re.findall(r"proxy_pass http://(\S+);", NGINX)) == {bind}
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(megabytes) * 1024 * 1024 > MAX_BODY
    headers = dict(re.findall(r"proxy_set_header (\S+)\s+(\S+);", NGINX))
    assert headers["X-Real-IP"] == "$remote_addr"
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert VARIABLES["SECURE_TLS"] == "1"
    assert {VARIABLES["ALLOWED_HOSTS"]} == set(re.findall(r"server_name (\S+);", NGINX))
    assert VARIABLES["PORTAL_URL"] == f"https://{VARIABLES['ALLOWED_HOSTS']}"


def test_the_packages_of_the_papers_are_those_of_the_launcher() -> None:
    loader = importlib.machinery.SourceFileLoader("launcher", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("launcher", loader)
    assert spec is not None
    launcher = importlib.util.module_from_spec(spec)
    loader.exec_module(launcher)
    (line,) = (line for line in LINES if line.startswith("apt-get install"))
    assert set(launcher.DEBIAN["libraries"][0]) <= set(line.split())
    assert "./run setup" in LINES
