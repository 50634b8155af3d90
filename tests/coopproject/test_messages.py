"""French is what the code says, English is what the catalogue says: whole, and each sentence where its reader is."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.core import mail
from django.db.models import Field, GeneratedField, TextChoices
from django.utils import translation
from django.utils.functional import Promise

from coopproject import wording
from governance.enums import CseStatus
from governance.models import Organisation, Person
from milestones.vital_signs.wording import days, percent
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act
from tests.worker.factories import consultation
from worker.services import dispatch, reconcile

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("coopproject", "governance", "charters", "milestones", "worker")
PO = PROJECT / "coopproject" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%%")
GETTEXT = {"gettext", "ngettext", "pgettext", "gettext_lazy", "ngettext_lazy", "pgettext_lazy", "_"}
HALF = Fraction(1, 2)
ENGLISH = {"Accept-Language": "en-GB,en;q=0.8"}


def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def identity(message: str | tuple[str, ...], context: str | None) -> tuple[str | None, str]:
    return context, message if isinstance(message, str) else message[0]


def in_the_code() -> set[tuple[str | None, str]]:
    """What `make messages` would gather."""
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(PROJECT, methods, options)
    return {identity(message, context) for _file, _line, message, _comments, context in found}


def translated() -> list[Message]:
    return [message for message in catalogue() if message.id]


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each French form of a message with its English one."""
    french = message.id if isinstance(message.id, tuple | list) else [message.id]
    english = message.string if isinstance(message.string, tuple | list) else [message.string]
    assert len(french) == len(english), french
    yield from zip(french, english, strict=True)


def test_the_catalogue_holds_what_the_code_says_and_nothing_else() -> None:
    there = {identity(message.id, message.context) for message in translated()}
    code = in_the_code()
    assert sorted(there ^ code, key=str) == [], "run “make messages”, translate what is new, run it again"
    assert len(there) > 1000


def test_every_sentence_has_its_english() -> None:
    missing = [french for message in translated() for french, english in pairs(message) if not english.strip()]
    assert missing == []
    assert [message.id for message in translated() if message.fuzzy] == []
    assert list(catalogue().obsolete) == []


def test_a_translation_keeps_the_placeholders() -> None:
    for message in translated():
        for french, english in pairs(message):
            assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(french)), french


def test_english_is_written_with_its_own_typography() -> None:
    for message in translated():
        for _french, english in pairs(message):
            assert re.search(r"['\"«»\u00a0\u202f]| [:;!?]", english) is None, english


def test_the_compiled_catalogue_is_the_one_that_is_read() -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert PO.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run “make messages”"


def modules() -> list[Path]:
    return [path for root in OURS for path in (PROJECT / root).rglob("*.py") if "migrations" not in path.parts]


def frozen_sentences(source: str) -> list[int]:
    """Lines where a sentence is made before its reader is known, or where no extraction can see it."""
    tree = ast.parse(source)
    eager = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in {"gettext", "ngettext", "pgettext"}
    }
    found: list[int] = []

    def visit(node: ast.AST, *, running: bool, forced: bool) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            literal = all(isinstance(word, ast.Constant) for word in node.args[:1])
            if not literal or (not running and (forced or node.func.id in eager)):
                found.append(node.lineno)
        forces = isinstance(node, ast.BinOp | ast.JoinedStr) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str"
        )
        for child in ast.iter_child_nodes(node):
            body = isinstance(node, ast.FunctionDef | ast.Lambda) and (
                isinstance(node, ast.Lambda) or child in node.body
            )
            visit(child, running=running or body, forced=forced or forces)

    visit(tree, running=False, forced=False)
    return found


def test_no_sentence_is_made_before_its_reader_is_known() -> None:
    places = {path.relative_to(PROJECT): frozen_sentences(path.read_text(encoding="utf-8")) for path in modules()}
    assert {path: lines for path, lines in places.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from django.utils.translation import gettext as _\nTITLE = _('Charte')", [2]),
        ("TITLE = str(_('Charte'))", [1]),
        ("TITLE = _('Charte %s') % 1", [1]),
        ("TITLE = f'{_('Charte')} !'", [1]),
        ("def title(name):\n    return _(f'Charte {name}')", [2]),
        ("TITLE = _('Charte')\ndef title():\n    return str(_('Charte %s') % 1)", []),
    ],
)
def test_the_look_finds_what_it_is_for(source: str, lines: list[int]) -> None:
    assert frozen_sentences(source) == lines


def test_models_and_choices_name_themselves_in_both_languages() -> None:
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    ours = [model for model in models if not model.__name__.endswith("Event")]
    names: list[tuple[str, object]] = []
    for model in ours:
        names += [(model.__name__, model._meta.verbose_name), (model.__name__, model._meta.verbose_name_plural)]
        for field in model._meta.get_fields():
            if isinstance(field, Field) and not isinstance(field, GeneratedField) and not field.auto_created:
                names.append((f"{model.__name__}.{field.name}", field.verbose_name))
    closed = [kind for kind in TextChoices.__subclasses__() if kind.__module__.split(".")[0] in OURS]
    names += [(kind.__name__, member._label_) for kind in closed for member in kind]  # type: ignore[attr-defined]
    assert [name for name, label in names if not isinstance(label, Promise)] == []
    with translation.override("en"):
        assert (str(CseStatus.ELECTED.label), str(Organisation._meta.verbose_name_plural)) == (
            "elected CSE",
            "organisations",
        )
    assert (str(CseStatus.ELECTED.label), str(Organisation._meta.verbose_name)) == ("CSE élu", "organisation")


def test_days_and_figures_are_written_as_each_language_does() -> None:
    first, may = dt.date(2026, 5, 1), dt.date(2026, 5, 12)
    written = wording.filled("%(day)s, %(month)s", day=wording.day(first), month=wording.month(may))
    assert str(written) == "1er mai 2026, mai 2026"
    assert [days(0), days(1), days(2), percent(HALF)] == ["0 jour", "1 jour", "2 jours", "50,0 %"]
    with translation.override("en"):
        assert str(written) == "May 1, 2026, May 2026"
        assert [days(0), days(1), days(2), percent(HALF)] == ["0 days", "1 day", "2 days", "50.0%"]


def in_both(cast: Cast, person: Person, path: str) -> tuple[Any, Any]:
    client = cast.api(person)
    return client.get(path).json(), client.get(path, headers=ENGLISH).json()


def test_a_refusal_speaks_the_language_of_who_asked(db: None) -> None:
    set_clock(dt.date(2026, 3, 2))
    cast = Cast()
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    made = factories.consultation(cast, decision, cast.alpha)
    informed = act(
        cast.api(cast.director_alpha),
        f"/api/v1/consultations/{made.pk}/send-information/",
        {"delivered_on": "2026-03-02"},
    )
    assert informed.status_code == 200, informed.json()
    path, body = f"/api/v1/decisions/{decision.pk}/take/", {"outcome": "Adoptée."}
    french = act(cast.api(cast.coordinator), path, body).json()
    english = act(cast.api(cast.coordinator), path, body, **ENGLISH).json()
    assert (french["title"], english["title"]) == ("Une règle s’y oppose", "A rule forbids it")
    assert french["errors"][0]["detail"] == (
        "Alpha : la consultation n’est pas achevée : la décision peut être prise à partir du 3 avril 2026, "
        "ou dès l’avis."
    )
    assert english["errors"][0]["detail"] == (
        "Alpha: the consultation is not over: the decision may be taken from April 3, 2026, "
        "or as soon as the opinion is given."
    )


def test_what_is_kept_of_a_decision_reads_the_same_whoever_took_it(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma)
    taken = act(cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/take/", {"outcome": "Oui"}, **ENGLISH)
    assert taken.status_code == 200, taken.json()
    [kept] = taken.json()["requirements_at_taking"]
    assert kept["detail"] == "Gamma : aucune consultation n’est attendue, au vu de ses effectifs."


def test_requirements_and_vital_signs_speak_the_language_of_who_asked(cast: Cast) -> None:
    decision = factories.decision(cast, planned_on=cast.today - dt.timedelta(days=1))
    french, english = in_both(cast, cast.coordinator, f"/api/v1/decisions/{decision.pk}/requirements/")
    assert french["requirements"][0]["detail"].startswith("Alpha : aucune consultation du CSE n’est ouverte. Au moins")
    assert english["requirements"][0]["detail"].startswith("Alpha: no consultation of the CSE is open. At least 50")
    signs = f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"
    titles = []
    for body in in_both(cast, cast.coordinator, signs):
        [sign] = [row for row in body["signs"] if row["code"] == "decision_blocked"]
        titles.append((sign["title"], sign["clears"]))
    assert titles == [
        (
            "Décision retenue : Mutualiser la fonction paie",
            "Ouvrir la consultation et transmettre l’information complète.",
        ),
        (
            "Decision held back: Mutualiser la fonction paie",
            "Open the consultation and give the complete information.",
        ),
    ]


def test_what_a_sign_is_about_keeps_its_name_in_both_languages(cast: Cast) -> None:
    decision = factories.decision(cast)
    factories.consultation(cast, decision, cast.alpha)
    signs = f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"
    for body in in_both(cast, cast.coordinator, signs):
        [sign] = [row for row in body["signs"] if row["code"] == "decision_blocked"]
        assert [about["label"] for about in sign["objects"]] == ["Mutualiser la fonction paie", "Alpha"]


@pytest.mark.parametrize(
    ("headers", "wrong_date", "required"),
    [
        ({}, "La date n’a pas le bon format", "Ce champ est obligatoire."),
        ({"Accept-Language": "de"}, "La date n’a pas le bon format", "Ce champ est obligatoire."),
        (ENGLISH, "Date has wrong format", "This field is required."),
    ],
    ids=["default", "unknown language", "english"],
)
def test_the_sentences_of_the_framework_follow(
    cast: Cast, headers: dict[str, str], wrong_date: str, required: str
) -> None:
    body = {"cooperation": str(cast.cooperation.pk), "planned_on": "31/12/2026"}
    response = cast.api(cast.coordinator).post("/api/v1/decisions/", body, headers=headers)
    sentences = {error["pointer"]: error["detail"] for error in response.json()["errors"]}
    assert sentences["/planned_on"].replace("'", "’").startswith(wrong_date)
    assert sentences["/title"] == required


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        (
            "fr",
            "Dans 14 jours : fin du délai de consultation du CSE sur « Mutualiser la paie (Alpha) »",
            "Échéance : 1er mai 2027",
        ),
        (
            "en",
            "In 14 days: end of the time limit to consult the CSE on “Mutualiser la paie (Alpha)”",
            "Due date: May 1, 2027",
        ),
    ],
)
def test_a_mail_is_written_in_the_language_of_its_reader(db: None, language: str, subject: str, line: str) -> None:
    deadline = dt.date(2027, 5, 1)
    set_clock(deadline - dt.timedelta(days=14))
    cast = Cast()
    Person.objects.filter(pk=cast.director_alpha.pk).update(language=language)
    consultation(cast.cooperation, cast.alpha, deadline=deadline, title="Mutualiser la paie")
    reconcile.reconcile_all()
    dispatch.dispatch_due()
    [message] = [message for message in mail.outbox if message.to == [cast.director_alpha.email]]
    assert message.subject == subject
    assert line in message.body


@pytest.mark.parametrize(
    ("sentence", "going_on"),
    [
        ("Le délai court.", "le délai court."),
        ("À dire.", "à dire."),
        ("A works council", "a works council"),
        ("CSE réputé consulté.", "CSE réputé consulté."),
        ("", ""),
    ],
)
def test_a_sentence_goes_on_after_a_colon_in_lower_case(sentence: str, going_on: str) -> None:
    assert str(wording.going_on(sentence)) == going_on
