"""Erasing a person: name and addresses go, everywhere and for ever; what they did stays, under their identifier."""

from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from coopproject import clock
from coopproject.exceptions import RuleViolated
from coopproject.locking import lock
from coopproject.models import IdempotencyKey
from governance import erasing, journal
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import ApiToken, Person, Role, User
from governance.rules.erasure import StillHeld, erasure_violations


@transaction.atomic
def person_erase(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Person:
    """Erase a person who holds nothing any more. Nothing undoes it.

    Their record is emptied, their account closed, their tokens revoked and sessions ended, the answers that were kept
    for retries and that name them forgotten, their reminders cancelled. Acts, journal and receipts hold identifiers,
    and stay. Texts written by people are not rewritten. Raises RuleViolated with every reason at once.
    """
    erasing.hold(pk)
    operators = list(User.objects.filter(is_staff=True, is_active=True).select_for_update(no_key=True).order_by("pk"))
    person: Person = lock(Person.objects.all(), pk, expected_version)
    account = User.objects.select_for_update(no_key=True).filter(person=person).first()
    found = list(
        erasure_violations(
            erased=person.erased_at is not None,
            held=[*_roles_held(pk), *erasing.held(pk)],
            only_operator=account is not None and operators == [account],
        )
    )
    if found:
        raise RuleViolated(*found)
    _forget_answers(person, account)
    erasing.forget(pk)
    if account is not None:
        _close(account)
    person.given_name = person.family_name = person.email = person.phone = ""
    person.language, person.erased_at = "fr", clock.now()
    person.save(update_fields=["given_name", "family_name", "email", "phone", "language", "erased_at"])
    journal.record("person.erased", person, actor=actor, reason=reason, account_closed=account is not None)
    return person


def _roles_held(person_id: UUID) -> list[StillHeld]:
    """The roles that run or will begin, each by the legal day of its cooperation."""
    now = clock.now()
    rows = Role.objects.filter(person=person_id).select_related("cooperation").order_by("since", "pk")
    return [
        StillHeld(RoleKind(role.kind).label, role.cooperation.name, role.until)
        for role in rows
        if role.until is None or role.until >= clock.local_date(now, role.cooperation.zone)
    ]


def _forget_answers(person: Person, account: User | None) -> None:
    """The answers kept for retries: their own, and those to anybody that name them.

    One that only refers to them is kept: the act that it answers must not be done a second time.
    """
    naming = Q(body__contains=str(person.pk)) & Q(body__contains='"family_name"')
    naming |= Q(body__contains=str(person))
    for address in {person.email, account.email if account is not None else ""} - {""}:
        naming |= Q(body__icontains=address)
    if account is not None:
        naming |= Q(user=account)
    IdempotencyKey.objects.filter(naming).delete()


def _close(account: User) -> None:
    """Nobody signs in with it any more; its address is free for another account."""
    account.email = f"{account.pk}@erased.invalid"
    account.is_active = account.is_staff = False
    account.last_login = None
    account.set_unusable_password()
    account.save(update_fields=["email", "is_active", "is_staff", "last_login", "password"])
    tokens = ApiToken.objects.filter(user=account)
    tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    tokens.update(name="", allowed_addresses=[])
    for session in Session.objects.order_by("pk").iterator():
        if session.get_decoded().get("_auth_user_id") == str(account.pk):
            session.delete()
