"""The register of confidentiality clauses in a dossier, with what each covers."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance import covering
from governance.dossier.governance_sections import not_in_the_future
from governance.dossier.sections import Draft, Resolve, Row, Section
from governance.enums import Confidentiality
from governance.models import ConfidentialityClause


def _object(value: Any, resolve: Resolve) -> Any:
    """The reference inside `covers` or `text_at` becomes an identifier; what is no object stays for `_check`."""
    return (
        value | {"id": resolve(value["id"])} if isinstance(value, dict) and isinstance(value.get("id"), str) else value
    )


def _levels(value: Any, resolve: Resolve) -> Any:
    return [_object(item, resolve) for item in value] if isinstance(value, list) else value


def _sound_levels(value: Any) -> bool:
    """`[{"id": …, "level": …}]`."""
    return isinstance(value, list) and all(
        isinstance(item, dict)
        and set(item) == {"id", "level"}
        and isinstance(item["id"], str)
        and item["level"] in Confidentiality.values
        for item in value
    )


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    for name in ("since", "lifted_on"):
        yield from not_in_the_future(row, draft, name)
    if obj.confidentiality == Confidentiality.RESTRICTED:
        detail = _("Une clause est de plusieurs : elle ne demande pas le niveau d’une seule organisation.")
        yield row.wrong("level_not_allowed", detail, "confidentiality")
    if (obj.lifted_on is None) != (not obj.lift_reason):
        yield row.wrong("required", _("Une clause levée dit pourquoi, une clause en vigueur non."), "lift_reason")
    if not _sound_levels(obj.restores):
        yield row.wrong("invalid", _("Attendu : des identifiants, chacun avec un niveau."), "restores")
    elif obj.restores and obj.covers is None:
        yield row.wrong("invalid", _("Une clause ne rend que ce qu’elle couvre."), "restores")
    for name, known in (("covers", set(covering.coverable())), ("text_at", set(covering.texts()))):
        value = getattr(obj, name)
        keys = {"resource", "id", "fields"} if name == "covers" else {"resource", "id"}
        if value is None:
            continue
        fields = value.get("fields", []) if isinstance(value, dict) else None
        whole = isinstance(value, dict) and set(value) == keys and isinstance(value["id"], str)
        if not (whole and isinstance(fields, list) and all(isinstance(item, str) for item in fields)):
            yield row.wrong(
                "invalid", _("Attendu : une ressource, un identifiant et, s’il y a lieu, des champs."), name
            )
        elif value["resource"] not in known:
            yield row.wrong("unknown_choice", _("Cette ressource ne se nomme pas ici."), name)


SECTION = Section(
    key="confidentiality_clauses",
    model=ConfidentialityClause,
    fields=(
        "source",
        "reference",
        "text_at",
        "title",
        "text",
        "bound",
        "bound_people",
        "bound_functions",
        "confidentiality",
        "covers",
        "restores",
        "since",
        "until",
        "set_by",
        "on_behalf_of",
        "reason",
        "lifted_on",
        "lifted_by",
        "lift_reason",
    ),
    adapt={"covers": _object, "text_at": _object, "restores": _levels},
    check=_check,
)
