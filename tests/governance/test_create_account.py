"""An operator gives a known person the means to sign in, once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance.models import Person, User
from tests.cast import Cast


def test_the_password_shown_opens_a_session(cast: Cast) -> None:
    person = Person.objects.create(given_name="Rose", family_name="Neuve", email="rose@coopproject.example")
    out = StringIO()
    call_command("create_account", str(person.pk), stdout=out)
    email, password = out.getvalue().split()
    credentials = {"email": email, "password": password}
    assert cast.api(None).post("/api/v1/session/", credentials).status_code == 200
    assert User.objects.get(email=email).person == person


@pytest.mark.parametrize("who", ["nobody", "00000000-0000-7000-8000-000000000000", "known"])
def test_an_unknown_person_or_a_second_account_is_refused(cast: Cast, who: str) -> None:
    before = User.objects.count()
    with pytest.raises(CommandError):
        call_command("create_account", str(cast.coordinator.pk) if who == "known" else who)
    assert User.objects.count() == before
