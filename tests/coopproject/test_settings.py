"""A forgotten or careless variable stops production at once, with the name of the variable."""

import hashlib
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# What the demo and the tests sign with when they are told nothing.
INSECURE_SIGNING_KEY = hashlib.sha256(b"insecure-and-only-for-tests-" + b"0" * 40).hexdigest()
SOUND = {
    "APP_ENV": "production",
    "SECRET_KEY": "k3Zt9-Qw7Lp2Vx8Nc4Rb6Hj1Fd5Gs0Ya-um_Te-oI3qW9zX7cV5",
    "TOKEN_PEPPER": "P0oI9uY8tR7eW6qA5sD4fG3hJ2kL1-zX_cV5bN6mQ8wE7rT9yU0",
    "RECEIPT_SIGNING_KEY": "7d1f0c3b5a9e2846f0d3b1c7a58e6924137bd9f0e2c4a6885b3d7f1928e0c4a6",
    "ALLOWED_HOSTS": "coop.example.org",
    "SITE_URL": "https://coop.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


def run(*command: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    wanted = SOUND | changes
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": os.environ["TEST_DATABASE_URL"]}
        | {name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_the_deployment_checks_without_a_warning() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("change", "blamed"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": SOUND["SECRET_KEY"][:49]}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "insecure-and-only-for-tests-" + "0" * 40}, "SECRET_KEY"),
        ({"TOKEN_PEPPER": None}, "TOKEN_PEPPER"),
        ({"TOKEN_PEPPER": "short"}, "TOKEN_PEPPER"),
        ({"TOKEN_PEPPER": SOUND["SECRET_KEY"]}, "TOKEN_PEPPER"),
        ({"RECEIPT_SIGNING_KEY": None}, "RECEIPT_SIGNING_KEY"),
        ({"RECEIPT_SIGNING_KEY": SOUND["RECEIPT_SIGNING_KEY"][:63]}, "RECEIPT_SIGNING_KEY"),
        ({"RECEIPT_SIGNING_KEY": "ab" * 32}, "RECEIPT_SIGNING_KEY"),
        ({"RECEIPT_SIGNING_KEY": INSECURE_SIGNING_KEY}, "RECEIPT_SIGNING_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "coop.example.org,*"}, "ALLOWED_HOSTS"),
        ({"APP_ENV": "prod"}, "APP_ENV"),
        ({"DATABASE_URL": "sqlite:///coop.db"}, "DATABASE_URL"),
    ],
)
def test_production_refuses_to_start(change: dict[str, str | None], blamed: str) -> None:
    done = run("-c", "import coopproject.settings", **change)
    assert done.returncode == 1
    assert re.search(rf"ImproperlyConfigured: {blamed} must ", done.stderr)


def test_what_is_not_said_means_production() -> None:
    done = run("-c", "import coopproject.settings", APP_ENV=None, SECRET_KEY=None)
    assert "ImproperlyConfigured: SECRET_KEY" in done.stderr


def test_the_sample_environment_has_a_sentence_for_exactly_the_variables_that_are_read() -> None:
    read = set(re.findall(r'env\.\w+\(\s*["\'](\w+)', (PROJECT / "coopproject/settings.py").read_text("utf-8")))
    lines = (PROJECT / ".env.example").read_text("utf-8").splitlines()
    named = {}
    for before, line in itertools.pairwise(lines):
        if match := re.match(r"(?:# )?([A-Z][A-Z_]+)=", line):
            named[match[1]] = before
    assert set(named) == read
    assert [name for name, before in named.items() if not re.match(r"# .{20,}", before)] == []
