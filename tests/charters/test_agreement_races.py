"""Two people at the same instant on one agreement, on real connections."""

import pytest

from charters import services
from charters.models import Agreement
from coopproject.exceptions import RuleViolated
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import TACIT_YEAR, actor_of, make_agreed, make_proposed, sign
from tests.charters.test_concurrency import at_once


def entries(act: str) -> int:
    return JournalEntry.objects.filter(act=act).count()


@pytest.mark.django_db(transaction=True)
def test_two_last_signatures_at_the_same_instant_put_it_in_force_once() -> None:
    cast = Cast()
    agreement = make_proposed(cast)
    results = at_once(
        *[
            lambda organisation=organisation: sign(cast, Agreement.objects.get(pk=agreement.pk), organisation)
            for organisation in (cast.alpha, cast.beta)
        ]
    )
    assert [type(result).__name__ for result in results] == ["Agreement", "Agreement"], results
    agreement.refresh_from_db()
    assert (agreement.state, agreement.parties.filter(signed_on=cast.today).count()) == ("in_force", 2)
    assert entries("agreement.entered_into_force") == 1


@pytest.mark.django_db(transaction=True)
def test_two_notices_at_the_same_instant_one_counts_and_two_amendments_one_is_opened() -> None:
    cast = Cast()
    agreement = make_agreed(cast, **TACIT_YEAR)
    notices = at_once(
        *[
            lambda person=person: services.agreement_give_notice(
                pk=agreement.pk, actor=actor_of(person), reason="Autre projet"
            )
            for person in (cast.chair_alpha, cast.chair_beta)
        ]
    )
    refused = [result for result in notices if isinstance(result, RuleViolated)]
    assert [violation.code for error in refused for violation in error.violations] == ["notice_already_given"], notices
    assert entries("agreement.notice_given") == 1
    amendments = at_once(*[lambda: services.agreement_amend(pk=agreement.pk, actor=actor_of(cast.coordinator))] * 2)
    refused = [result for result in amendments if isinstance(result, RuleViolated)]
    assert [violation.code for error in refused for violation in error.violations] == ["amendment_exists"], amendments
    assert Agreement.objects.filter(replaces=agreement).count() == 1
