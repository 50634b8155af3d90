"""The verification script, as a stranger runs it and as the tests call it."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rest_framework.test import APIClient

from charters.models import Approval
from tests.cast import Cast
from tests.charters.factories import make_submitted, minutes
from tests.requests import act

SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "verify" / "verify_receipt.py"
_spec = importlib.util.spec_from_file_location("verify_receipt", SCRIPT)
assert _spec
assert _spec.loader
script: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(script)


def approved(cast: Cast, **figures: Any) -> Approval:
    """The board of Alpha approves a text, through the API."""
    version = make_submitted(cast)
    body = minutes(version, cast.alpha, cast.today, **figures)
    response = act(cast.api(cast.chair_alpha), "/api/v1/board-deliberations/", body)
    assert response.status_code == 201, response.content
    return Approval.objects.get(charter_version=version)


def receipt_of(cast: Cast, approval: Approval) -> bytes:
    """The file that an observer downloads."""
    response = cast.api(cast.observer).get(f"/api/v1/approvals/{approval.pk}/receipt/")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    return bytes(response.content)


def keys() -> bytes:
    """The list of keys that anybody downloads."""
    return bytes(APIClient().get("/api/v1/signing-keys/").content)


def verdict(receipt: bytes, **read: bytes) -> tuple[int, str]:
    """The exit code and what was said, without starting a process for each try."""
    try:
        said = script.verify({"receipt": receipt, **read})
    except script.Conclusion as end:
        return end.exit_code, script.sentence(end.sentence, end.values, 1)
    code = script.UNDECIDED if any(name in script.DOUBTS for name, _values in said) else script.PROVED
    return code, "\n".join(script.sentence(name, values, 1) for name, values in said)


def run(folder: Path, receipt: bytes, *options: str, **files: bytes) -> tuple[int, str]:
    """The exit code and what is printed by an interpreter that knows nothing of this project."""
    (folder / "receipt.json").write_bytes(receipt)
    words = [sys.executable, "-I", "-W", "error", str(SCRIPT), "receipt.json", *options]
    for role, content in files.items():
        (folder / role).write_bytes(content)
        words += [f"--{role}", role]
    done = subprocess.run(
        words, cwd=folder, env={"PATH": "", "PYTHONUTF8": "1"}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def rewritten(receipt: bytes, **changes: Any) -> bytes:
    """The same file with values changed at `a__b__c`, in canonical form, its signature left as it was."""
    document = json.loads(receipt)
    for path, value in changes.items():
        *above, last = path.split("__")
        place = document["receipt"]
        for name in above:
            place = place[name]
        place[last] = value
    return bytes(script.canonical(document).encode())
