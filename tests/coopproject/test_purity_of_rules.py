"""What import-linter cannot say: which parts of Django a rule may use, and that it never asks for the time."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path.relative_to(PROJECT).as_posix()
    for app in ("governance", "charters", "milestones")
    for path in (PROJECT / app / "rules").rglob("*.py")
)
LABELS = "django.utils"
"""Translated labels and their formatting: the only part of Django that a rule may know."""
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "localdate"}


def imported(tree: ast.AST) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def called_clocks(tree: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and not node.args]
    return {call.attr for call in calls if isinstance(call, ast.Attribute)} & CLOCKS


def test_there_are_rules_to_look_at() -> None:
    assert len(MODULES) > 3


@pytest.mark.parametrize("module", MODULES)
def test_a_rule_knows_neither_the_database_nor_http_nor_the_clock(module: str) -> None:
    tree = ast.parse((PROJECT / module).read_text(encoding="utf-8"))
    django = {name for name in imported(tree) if name.split(".")[0] in {"django", "rest_framework", "celery"}}
    assert {name for name in django if not name.startswith(LABELS)} == set()
    assert imported(tree) & {"time", "random", "django.utils.timezone", "coopproject.clock"} == set()
    assert called_clocks(tree) == set()


def test_the_look_finds_what_it_is_for() -> None:
    tree = ast.parse("from django.db import models\nimport random\ndatetime.now()\nt.time(1)")
    assert imported(tree) == {"django.db", "random"}
    assert called_clocks(tree) == {"now"}
