"""The sample cooperations of `examples/` and accounts to try them with. Never in production."""

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from coopproject import clock
from governance.actor import Actor
from governance.dossier import reading
from governance.enums import RoleKind, TokenScope
from governance.models import ApiToken, Cooperation, JournalEntry, Role, User
from governance.services import dossiers
from governance.token_secrets import hash_secret, new_token

FOLDER = Path(settings.BASE_DIR) / "examples"
OPERATOR = "operateur@demo.example"
_LIFE_OF_A_TOKEN = dt.timedelta(days=30)


@dataclass(frozen=True)
class Account:
    """A sample account. `password` and `token` are known only when they were just made."""

    role: str
    variable: str
    name: str
    cooperation: str
    email: str
    password: str = ""
    token: str = ""


def _source(path: Path) -> str:
    return f"examples/{path.name}"


def load() -> list[Cooperation]:
    """Import the examples that are not there yet, each in a transaction of its own. Returns all, in order of name."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        done = JournalEntry.objects.filter(act="cooperation.imported", payload__source=_source(path)).first()
        if done is not None and done.cooperation is not None:
            found.append(done.cooperation)
            continue
        document = reading.read(path.read_bytes())
        actor = Actor.system("load_examples")
        found.append(dossiers.dossier_import(actor=actor, document=document, source=_source(path)).cooperation)
    return found


@transaction.atomic
def accounts(cooperations: list[Cooperation], *, renew: bool = False) -> list[Account]:
    """One account per kind of role, held by someone of the examples, and the operator's.

    An account that exists keeps its password and its tokens, which nobody can read again; `renew` makes new ones.
    """
    found = [_account(variable, role, renew=renew) for variable, role in _one_per_kind(cooperations)]
    operator, made = User.objects.get_or_create(email=OPERATOR, defaults={"is_staff": True})
    password, token = _credentials(operator) if made or renew else ("", "")
    return [Account("opérateur", "OPERATOR", "—", "instance", OPERATOR, password, token), *found]


def _one_per_kind(cooperations: list[Cooperation]) -> Iterator[tuple[str, Role]]:
    """The name of a shell variable and a role: one of each kind, and the chair of a second board."""
    today = clock.today()
    found = (
        Role.objects.in_force(today)
        .filter(cooperation__in=cooperations)
        .select_related("person", "cooperation", "organisation")
        .order_by("since", "person__search_name", "pk")
    )
    by_cooperation: dict[object, list[Role]] = {}
    kinds: dict[object, set[str]] = {}
    for role in found:
        by_cooperation.setdefault(role.cooperation_id, []).append(role)
        kinds.setdefault(role.organisation_id, set()).add(role.kind)
    # And on behalf of one organisation as far as possible: its chair, its director, its employees' contact.
    for roles in by_cooperation.values():
        roles.sort(key=lambda role: -len(kinds[role.organisation_id]))
    # From one cooperation as far as possible, so that the accounts can play the whole loop together.
    richest = sorted(by_cooperation.values(), key=lambda roles: -len({role.kind for role in roles}))
    seen: set[object] = set()
    for kind in RoleKind:
        candidates = [role for roles in richest for role in roles if role.kind == kind and role.person_id not in seen]
        if not candidates:
            continue
        first = candidates[0]
        seen.add(first.person_id)
        yield kind.name, first
        if kind == RoleKind.BOARD_CHAIR:
            # An approval by one board alone would not show what a cooperation is.
            other = next((role for role in candidates if role.organisation_id != first.organisation_id), None)
            if other is not None:
                seen.add(other.person_id)
                yield "SECOND_BOARD_CHAIR", other


def _account(variable: str, role: Role, *, renew: bool) -> Account:
    user, made = User.objects.get_or_create(person=role.person, defaults={"email": role.person.email})
    password, token = _credentials(user) if made or renew else ("", "")
    where = f"{role.cooperation.name}, {role.organisation}" if role.organisation else role.cooperation.name
    return Account(str(RoleKind(role.kind).label), variable, str(role.person), where, user.email, password, token)


def _credentials(user: User) -> tuple[str, str]:
    password = f"demo-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    user.set_password(password)
    user.save(update_fields=["password"])
    key, secret, token = new_token()
    ApiToken.objects.create(
        key=key,
        user=user,
        name="Démonstration",
        secret_hash=hash_secret(secret),
        scopes=list(TokenScope.values),
        expires_at=clock.now() + _LIFE_OF_A_TOKEN,
    )
    return password, token
