"""The examples stay valid and telling on whatever day the demo is run."""

import ast
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from governance import vital_signs
from governance.actor import Actor
from governance.dossier import reading
from governance.enums import RoleKind
from governance.models import ApiToken, Cooperation, Role, User
from governance.services import dossiers, examples
from tests.clock import set_clock

pytestmark = pytest.mark.django_db
FILES = sorted((Path(settings.BASE_DIR) / "examples").glob("*.yaml"))
# No example is an empty shell: tests/governance/api/test_signs_of_members.py makes one.
NOT_SHOWN = {"substance_alert"}
APPS = ("governance", "charters", "milestones", "worker")


def _known_codes() -> set[str]:
    """Every code that some `VitalSign(code=…)` of the sources can take."""
    codes: set[str] = set()
    for app in APPS:
        for path in (Path(settings.BASE_DIR) / app).rglob("vital_sign*/*.py"):
            codes |= _codes_in(path)
        for path in (Path(settings.BASE_DIR) / app).glob("vital_sign*.py"):
            codes |= _codes_in(path)
    return codes


def _codes_in(path: Path) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    signs = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "VitalSign"]
    values = [keyword.value for call in signs for keyword in call.keywords if keyword.arg == "code"]
    branches = [branch for value in values for branch in _branches(value)]
    assert all(isinstance(branch, ast.Constant) for branch in branches), f"{path}: a code is not a literal"
    return {str(branch.value) for branch in branches if isinstance(branch, ast.Constant)}


def _branches(value: ast.expr) -> list[ast.expr]:
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]


def _someone_who_sees(cooperation: Cooperation, today: dt.date) -> Actor:
    """The coordination, else the facilitation."""
    role = (
        Role.objects.in_force(today)
        .filter(cooperation=cooperation, kind__in=["coordination", "facilitation"])
        .order_by("kind", "pk")[:1]
        .get()
    )
    user, _made = User.objects.get_or_create(person=role.person, defaults={"email": role.person.email})
    return Actor.for_user(user, on=today)


def test_there_are_three_examples() -> None:
    assert [path.stem for path in FILES] == ["centres-de-vacances", "ehpad-mutualises", "plateforme-vae"]


@pytest.mark.parametrize("today", ["2026-11-22", "2027-01-01", "2028-02-29", "2027-05-31"])
def test_the_examples_show_every_kind_of_vital_sign_on_any_day(today: str) -> None:
    day = dt.date.fromisoformat(today)
    set_clock(day)
    shown: set[str] = set()
    for cooperation in examples.load():
        actor = _someone_who_sees(cooperation, day)
        shown |= {sign.code for sign in vital_signs.examine(cooperation, actor=actor, on=day)}
    assert shown == _known_codes() - NOT_SHOWN


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_exported_and_imported_again_exports_the_same_bytes(path: Path) -> None:
    actor = Actor.system("test")
    with transaction.atomic():
        done = dossiers.dossier_import(actor=actor, document=reading.read(path.read_bytes()))
        first = dossiers.dossier_export(done.cooperation)
        transaction.set_rollback(True)
    assert not Cooperation.objects.exists()
    again = dossiers.dossier_import(actor=actor, document=reading.read(first.encode()))
    assert dossiers.dossier_export(again.cooperation) == first


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everybody_in_an_example_is_marked_as_invented(path: Path) -> None:
    document: Any = reading.read(path.read_bytes())
    assert all(organisation["is_fictitious"] is True for organisation in document["organisations"])
    assert all(person["email"].endswith(".example") for person in document["people"])


def test_loading_twice_adds_nothing_and_shows_no_secret_again() -> None:
    first, second = io.StringIO(), io.StringIO()
    call_command("load_examples", stdout=first)
    counts = (Cooperation.objects.count(), User.objects.count(), ApiToken.objects.count())
    call_command("load_examples", stdout=second)
    assert counts == (Cooperation.objects.count(), User.objects.count(), ApiToken.objects.count())
    assert counts[0] == 3
    assert "coop_" in first.getvalue()
    assert "coop_" not in second.getvalue()


def test_each_kind_of_role_has_an_account_whose_token_opens_the_api(client: Any) -> None:
    accounts = examples.accounts(examples.load())
    assert {account.variable for account in accounts} == {"OPERATOR", "SECOND_BOARD_CHAIR", *RoleKind.__members__}
    for account in accounts:
        answer = client.get("/api/v1/users/me/", headers={"authorization": f"Bearer {account.token}"})
        assert answer.status_code == 200, account.role
        assert client.login(username=account.email, password=account.password)


def test_production_refuses_the_examples(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_examples", stdout=io.StringIO())
    assert not User.objects.exists()


def test_the_committed_schema_is_the_one_that_the_sections_give() -> None:
    committed = Path(settings.BASE_DIR) / "docs" / "reference" / "dossier.schema.json"
    written = io.StringIO()
    call_command("dossier_schema", stdout=written)
    assert json.loads(committed.read_text("utf-8")) == json.loads(written.getvalue())
