"""The locks install the same packages everywhere and name no registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def pins(lock: str) -> set[tuple[str, str]]:
    """The (package, version) pairs of a lock; a package may have one version per Python."""
    return set(PINNED.findall((ROOT / lock).read_text()))


def names(requirements: list[str]) -> set[str]:
    """The package names of requirement lines, normalised as the locks write them."""
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements)
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


@pytest.mark.parametrize("file", [*LOCKS, "pyproject.toml", "run", ".ci/run"])
def test_no_address_of_a_registry(file: str) -> None:
    """A machine's registry or mirror is its own business; only our own address may appear."""
    hosts = set(re.findall(r"://([^/\s\"'`]+)", (ROOT / file).read_text()))
    assert not hosts


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_hashed(lock: str) -> None:
    """Each pinned package carries at least one SHA-256."""
    blocks = re.split(r"^(?=[a-z0-9-]+==)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)


def test_locks_cover_the_project() -> None:
    """Every dependency of pyproject.toml is in its lock, and tests run on the runtime's versions."""
    runtime, everything = pins("requirements.txt"), pins("dev.txt")
    assert names(PROJECT["dependencies"]) <= {name for name, _ in runtime}
    assert names(PROJECT["optional-dependencies"]["dev"]) <= {name for name, _ in everything}
    assert runtime <= everything


def test_every_runtime_dependency_has_its_reason() -> None:
    """Each line of the dependency table, or the line above it, says what the package is for."""
    table = (ROOT / "pyproject.toml").read_text().partition("\ndependencies = [\n")[2]
    lines = table.partition("\n]")[0].splitlines()
    for above, line in zip(["", *lines], lines, strict=False):
        assert "#" in line or above.strip().startswith("#"), line
