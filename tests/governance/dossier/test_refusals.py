"""A dossier with one wrong line writes nothing, and says where the line is."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.dossier import importer
from governance.models import Cooperation, JournalEntry, Organisation, Person
from governance.services import dossiers
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
TAKEN = "00000000-0000-7000-8000-000000000001"


def errors(document: Any) -> set[tuple[str, str]]:
    """(pointer, code) of every refusal; asserts that the import changed nothing."""
    before = (Cooperation.objects.count(), Organisation.objects.count(), Person.objects.count())
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert before == (Cooperation.objects.count(), Organisation.objects.count(), Person.objects.count())
    assert not JournalEntry.objects.exists()
    assert all(str(violation.detail) for violation in refused.value.violations)
    return {(violation.pointer, violation.code) for violation in refused.value.violations}


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(document: dict[str, Any]) -> None:
        where: Any = document
        for part in path[:-1]:
            where = where[part]
        where[path[-1]] = value

    return spoil


CASES: dict[str, tuple[Callable[[dict[str, Any]], None], set[tuple[str, str]]]] = {
    "another format": (put("format", value="zip"), {("/format", "unknown_choice")}),
    "another version": (put("format_version", value=2), {("/format_version", "unknown_choice")}),
    "unknown section": (put("accounts", value=[]), {("/accounts", "unknown_field")}),
    "unknown field": (put("people", 0, "password", value="x"), {("/people/0/password", "unknown_field")}),
    "key with a slash": (put("people", 0, "a/b~c", value=1), {("/people/0/a~1b~0c", "unknown_field")}),
    "not a list": (put("people", value={}), {("/people", "wrong_type")}),
    "a number for an amount": (
        put("organisations", 0, "turnovers", 0, "amount", value=1200000.5),
        {("/organisations/0/turnovers/0/amount", "wrong_type")},
    ),
    "a third decimal": (
        put("organisations", 0, "turnovers", 0, "amount", value="1.005"),
        {("/organisations/0/turnovers/0/amount", "wrong_format")},
    ),
    "a number for a name": (put("cooperation", "name", value=12), {("/cooperation/name", "wrong_type")}),
    "an empty name": (put("cooperation", "name", value=""), {("/cooperation/name", "blank")}),
    "an unknown kind of role": (put("roles", 1, "kind", value="boss"), {("/roles/1/kind", "unknown_choice")}),
    "a null character": (put("cooperation", "purpose", value="a\x00b"), {("/cooperation/purpose", "bad_character")}),
    "half a character": (put("cooperation", "purpose", value="\ud800"), {("/cooperation/purpose", "bad_character")}),
    "a number beyond exactness": (
        put("cooperation", "settings", value={"deep": [2**53]}),
        {("/cooperation/settings/deep/0", "out_of_range")},
    ),
    "a day that does not exist": (
        put("decisions", 0, "planned_on", value="2026-02-30"),
        {("/decisions/0/planned_on", "invalid_date")},
    ),
    "a day of another calendar": (
        put("decisions", 0, "planned_on", value="D-999999"),
        {("/decisions/0/planned_on", "wrong_format")},
    ),
    "a thirty-first of June": (
        put("decisions", 0, "planned_on", value="M-3/31"),
        {("/decisions/0/planned_on", "invalid_date")},
    ),
    "a day and a line feed": (
        put("decisions", 0, "planned_on", value="D-3\n"),
        {("/decisions/0/planned_on", "wrong_format")},
    ),
    "a reference date that does not exist": (
        put("reference_date", value="2026-13-01"),
        {("/reference_date", "invalid_date")},
    ),
    "a ref that is used twice": (put("people", 1, "ref", value="ana"), {("/people/1/ref", "duplicate_ref")}),
    "a ref that leads nowhere": (
        put("roles", 1, "person", value="nobody"),
        {("/roles/1/person", "unknown_ref")},
    ),
    "a ref to another section": (put("roles", 1, "person", value="alpha"), {("/roles/1/person", "wrong_ref")}),
    "a list with a ref to another section": (
        put("decisions", 0, "concerned", value=["alpha", "ana"]),
        {("/decisions/0/concerned/1", "wrong_ref")},
    ),
    "a SIREN that fails Luhn": (
        put("organisations", 0, "siren", value="100000008"),
        {("/organisations/0/siren", "siren_checksum")},
    ),
    "a SIREN with spaces": (
        put("organisations", 0, "siren", value="100000 09"),
        {("/organisations/0/siren", "siren_format"), ("/organisations/0/siren", "not_bare")},
    ),
    "no identifier": (
        put("organisations", 1, "rna", value=""),
        {("/organisations/1", "identifier_missing")},
    ),
    "an unusable voting rule": (
        put("voting_rules", 0, "definition", "tie", value="dice"),
        {("/voting_rules/0/definition/tie", "unknown_choice")},
    ),
    "a role for an organisation that is not a member": (
        put("memberships", slice(0, 1), value=[]),
        {("/roles/1/organisation", "not_a_member")},
    ),
    "stays that leave a hole": (
        put("memberships", 0, "stays", 1, "since", value="M-12/9"),
        {("/memberships/0/stays/1/since", "stays_do_not_follow")},
    ),
    "a membership without a circle": (
        put("memberships", 1, "stays", value=[]),
        {("/memberships/1/stays", "required")},
    ),
    "a person without a name": (
        put("people", 0, "given_name", value=""),
        {("/people/0/given_name", "blank")},
    ),
    "an opinion of tomorrow": (
        put("consultations", 0, "opinion_on", value="2099-01-01"),
        {("/consultations/0/opinion_on", "in_the_future")},
    ),
    "a hand-over written down before it happened": (
        put("consultations", 0, "information_recorded_on", value="2026-07-30"),
        {("/consultations/0/information_recorded_on", "out_of_order")},
    ),
    "silence before the deadline": (
        lambda document: document["consultations"][0].update(
            state="deemed_negative", opinion="deemed_negative", opinion_on="2026-08-20"
        ),
        {("/consultations/0/opinion_on", "deemed_before_deadline")},
    ),
    "more votes than full members present": (
        put("consultations", 0, "votes_present", value=4),
        {("/consultations/0/votes_present", "more_votes_than_present")},
    ),
    "an agreement in days and in months": (
        lambda document: document["consultations"][0].update(agreement_days=15, agreement_months=1),
        {("/consultations/0/agreement_months", "agreement_unit")},
    ),
    "a consultation of an employer that is not concerned": (
        put("decisions", 0, "concerned", value=["beta"]),
        {("/consultations/0/organisation", "employer_not_concerned")},
    ),
    "a favourable opinion that the count did not adopt": (
        lambda document: document["consultations"][0].update(
            opinion="favourable", votes_present=5, votes_for=2, votes_against=3, votes_abstain=0, votes_blank=0
        ),
        {("/consultations/0/votes_for", "opinion_not_adopted")},
    ),
    "a member twice at a time": (
        lambda document: document["memberships"].append(copy.deepcopy(document["memberships"][1])),
        {("/memberships/2/organisation", "already_member")},
    ),
    "a journal of one’s own": (put("journal", value=[]), {("/journal", "unknown_field")}),
    "a role in another cooperation": (
        put("roles", 0, "cooperation", value="essai"),
        {("/roles/0/cooperation", "unknown_field")},
    ),
    "a zone that does not exist": (put("cooperation", "zone", value="Mars"), {("/cooperation/zone", "unknown_zone")}),
    "a constraint of the database": (
        lambda document: document["roles"].append(dict(document["roles"][0])),
        {("/roles/2", "governance_one_open_role")},
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), CASES.values(), ids=CASES.keys())
def test_a_wrong_line_is_named_and_nothing_is_written(
    spoil: Callable[[dict[str, Any]], None], expected: set[tuple[str, str]]
) -> None:
    document = minimal()
    spoil(document)
    assert errors(document) == expected


@pytest.mark.parametrize("document", [None, [], "text", 3, {}, {"format": None}])
def test_what_is_not_a_dossier_is_refused(document: Any) -> None:
    assert errors(document)


def test_all_errors_are_told_at_once() -> None:
    document = minimal()
    document["people"][0]["nickname"] = "A"
    del document["cooperation"]["name"]
    document["roles"][0]["kind"] = 7
    assert errors(document) == {
        ("/people/0/nickname", "unknown_field"),
        ("/cooperation/name", "required"),
        ("/roles/0/kind", "wrong_type"),
        ("/roles/0/kind", "unknown_choice"),
    }


def test_a_flood_of_errors_is_cut() -> None:
    document = minimal()
    document["people"] = [{"nickname": index} for index in range(5000)]
    found = errors(document)
    assert ("", "too_many_errors") in found
    assert len(found) <= 501


def test_a_uuid_that_is_taken_is_refused() -> None:
    Cooperation.objects.create(id=TAKEN, name="Déjà là", started_on="2020-01-01")
    document = minimal()
    document["cooperation"]["ref"] = TAKEN
    assert errors(document) == {("/cooperation/ref", "ref_taken")}


def test_an_identical_organisation_is_reused_and_a_different_one_refused() -> None:
    dossiers.dossier_import(actor=BATCH, document=minimal())
    dossiers.dossier_import(actor=BATCH, document=minimal())
    assert Organisation.objects.count() == 2
    document = minimal()
    document["organisations"][0]["name"] = "Association Alpha et compagnie"
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert [(found.pointer, found.code) for found in refused.value.violations] == [
        ("/organisations/0/name", "differs_from_existing")
    ]
    assert Cooperation.objects.count() == 2


def test_the_fingerprint_is_that_of_the_rfc_8785_form() -> None:
    assert importer.fingerprint({"b": 1, "a": "é"}) == importer.fingerprint({"a": "é", "b": 1})
    assert importer.fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
