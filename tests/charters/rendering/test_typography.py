"""French typography, at display."""

import pytest

from charters.rendering.typography import french

N, T = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Qui ? Nous ! Oui ; non", f"Qui{N}? Nous{N}! Oui{N}; non"),
        ("Nous voulons : agir", f"Nous voulons{T}: agir"),
        ("« oui » et «non»", f"«{T}oui{T}» et «{T}non{T}»"),
        ("l'association d'ici, aujourd'hui", "l’association d’ici, aujourd’hui"),
        ("dit 'ainsi' et 'là'", "dit 'ainsi' et 'là'"),
        ("1 200 000 € et 10 % de 12 h", f"1{N}200{N}000{T}€ et 10{T}% de 12{T}h"),
        ("n° 3, article 4, p. 12", f"n°{T}3, article{T}4, p.{T}12"),
        ("http://a.fr/?b;c:d!e", "http://a.fr/?b;c:d!e"),
        ("10:30 et a:b", "10:30 et a:b"),
        ("le 3 mars 2026 200 personnes", "le 3 mars 2026 200 personnes"),
        ("déjà\u00a0: bien\u202f!", f"déjà{T}: bien{N}!"),
        ("", ""),
    ],
)
def test_spaces_that_do_not_break_and_apostrophes(written: str, shown: str) -> None:
    assert french(written) == shown
    assert french(french(written)) == shown
