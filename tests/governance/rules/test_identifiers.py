"""Identifiers of organisations: the vectors of domain.md 6 and what surrounds them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.identifiers import (
    Identifiers,
    NafVersion,
    format_naf,
    format_siren,
    format_siret,
    luhn,
    naf_version_on,
    normalise_naf,
    validate_idcc,
    validate_naf,
    validate_rna,
    validate_siren,
    validate_siret,
)

NBSP, NARROW = "\u00a0", "\u202f"


def codes(**given: str) -> list[tuple[str, str]]:
    return [(violation.code, violation.pointer) for violation in Identifiers.cleaned(**given).violations()]


@pytest.mark.parametrize(
    "siren",
    ["732829320", "552081317", "356000000", "100000009", "200000008", "300000007", "900000001"],
)
def test_a_valid_siren_passes(siren: str) -> None:
    assert validate_siren(siren) == []


@pytest.mark.parametrize(
    ("siren", "code"),
    [
        ("123456789", "siren_checksum"),
        ("123456ABC", "siren_format"),
        ("73282932", "siren_format"),
        ("7328293200", "siren_format"),
        ("000000000", "siren_checksum"),
        ("٧٣٢٨٢٩٣٢٠", "siren_format"),
        ("732829320\n", "siren_format"),
    ],
)
def test_an_invalid_siren_is_refused(siren: str, code: str) -> None:
    assert [violation.code for violation in validate_siren(siren)] == [code]


@pytest.mark.parametrize("siret", ["73282932000074", "35600000000048", "35600000049837", "10000000900017"])
def test_a_valid_siret_passes(siret: str) -> None:
    assert validate_siret(siret) == []
    assert validate_siret(siret, siret[:9]) == []


@pytest.mark.parametrize(
    ("siret", "code"),
    [
        ("12345678912345", "siret_checksum"),
        ("73282932000075", "siret_checksum"),
        ("35600000049838", "siret_checksum"),
        ("7328293200007", "siret_format"),
        ("732829320000740", "siret_format"),
        ("7328293200007A", "siret_format"),
    ],
)
def test_an_invalid_siret_is_refused(siret: str, code: str) -> None:
    assert [violation.code for violation in validate_siret(siret)] == [code]


def test_the_exception_of_la_poste_is_for_la_poste_alone() -> None:
    sirets = [f"732829320{nic:05}" for nic in range(100)]
    other = next(siret for siret in sirets if sum(map(int, siret)) % 5 == 0 and not luhn(siret))
    assert [violation.code for violation in validate_siret(other)] == ["siret_checksum"]


def test_a_siret_that_passes_luhn_on_a_siren_that_does_not_is_refused() -> None:
    siret = next(text for nic in range(100000) if luhn(text := f"123456789{nic:05}"))
    assert [violation.code for violation in validate_siret(siret)] == ["siret_checksum"]


@given(st.integers(min_value=1, max_value=10**8 - 1), st.integers(min_value=1, max_value=9))
def test_any_single_wrong_digit_of_a_siren_is_seen(stem: int, change: int) -> None:
    digits = f"{stem:08}"
    siren = next(digits + last for last in "0123456789" if luhn(digits + last))
    for position in range(9):
        wrong = str((int(siren[position]) + change) % 10)
        assert validate_siren(siren[:position] + wrong + siren[position + 1 :]) != []


def test_a_siret_must_belong_to_the_siren_given() -> None:
    assert codes(siren="552081317", siret="73282932000074") == [("siret_not_of_siren", "/siret")]


@pytest.mark.parametrize("rna", ["W751234567", "W9R1011072", "W912345678"])
def test_a_valid_rna_passes(rna: str) -> None:
    assert validate_rna(rna) == []


@pytest.mark.parametrize("rna", ["W75123456", "W7512345678", "W8R1011072", "W9r1011072", "X751234567", "W9RR011072"])
def test_an_invalid_rna_is_refused(rna: str) -> None:
    assert [violation.code for violation in validate_rna(rna)] == ["rna_format"]


def test_spaces_of_every_kind_are_dropped_and_letters_raised() -> None:
    cleaned = Identifiers.cleaned(
        siren=f" 732{NBSP}829{NARROW}320\u200b",
        siret=f"732 829 320{NBSP}00074",
        rna="w9r 1011072",
        local_register="  Tribunal de Colmar,   vol. 12  folio 34 ",
        naf=" 88.99b ",
        idcc=" 29",
    )
    assert cleaned == Identifiers(
        siren="732829320",
        siret="73282932000074",
        rna="W9R1011072",
        local_register="Tribunal de Colmar, vol. 12 folio 34",
        naf="8899B",
        idcc="0029",
    )
    assert cleaned.violations() == []


def test_numbers_are_shown_in_groups() -> None:
    assert format_siret("73282932000074").replace(NBSP, " ") == "732 829 320 00074"
    assert format_siren("732829320").replace(NBSP, " ") == "732 829 320"
    assert format_naf(normalise_naf("8899B")) == "88.99B"


def test_at_least_one_identifier_is_needed() -> None:
    assert codes(naf="8899B", idcc="1518") == [("identifier_missing", "")]
    for alone in ({"siren": "732829320"}, {"rna": "W751234567"}, {"local_register": "Tribunal de Metz, vol. 3"}):
        assert codes(**alone) == []


def test_a_siret_alone_brings_its_siren() -> None:
    assert Identifiers.cleaned(siret="732 829 320 00074").siren == "732829320"
    assert codes(siret="732 829 320 00075") == [("siret_checksum", "/siret")]


def test_every_violation_is_named_at_once_with_its_field() -> None:
    found = codes(siren="123456789", siret="1", rna="75", local_register="x" * 101, naf="88", idcc="15180")
    assert found == [
        ("siren_checksum", "/siren"),
        ("siret_format", "/siret"),
        ("rna_format", "/rna"),
        ("local_register_too_long", "/local_register"),
        ("naf_format", "/naf"),
        ("idcc_format", "/idcc"),
    ]


def test_naf_2025_begins_with_2027() -> None:
    assert naf_version_on(date(2026, 12, 31)) is NafVersion.REV_2
    assert naf_version_on(date(2027, 1, 1)) is NafVersion.NAF_2025


def test_naf_and_idcc_have_their_form_or_are_absent() -> None:
    assert validate_naf("") == validate_idcc("") == []
    assert [len(validate_naf(naf)) for naf in ("8899B", "88.99B", "889B", "8899b")] == [0, 1, 1, 1]
    assert [len(validate_idcc(idcc)) for idcc in ("1518", "0029", "0000", "ABCD")] == [0, 0, 1, 1]
