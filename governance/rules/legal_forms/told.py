"""What people told of a future structure, kept as JSON, and the facts that the checks of a form read from it.

`members`: what is told of organisations that are named (`organisation`: its id) beyond what their legal form says, and
of future members that are none of them (employees, beneficiaries…). The other keys are those of `FormFacts`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.legal_forms.facts import CollegeShare, FormFacts, MemberCategory, MemberFacts, facts_violations

_MEMBER = frozenset(field.name for field in fields(MemberFacts))
_FLAGS = frozenset({"has_legal_person", "as_legal_status", "lends_outside"})
_NUMBERS = frozenset({"public_capital", "worker_capital", "worker_votes", "states"})
MAX_MEMBERS = 200


def told_violations(told: Any, organisations: Collection[str], pointer: str = "/facts") -> list[Violation]:
    """What cannot be in such a JSON value. `organisations`: the ids of those that take part."""
    if not isinstance(told, dict):
        return [Violation("invalid", _("Un objet JSON est attendu."), pointer)]
    found = list(_wrong_shapes(told, organisations, pointer))
    if found:
        return found
    # Any form will do: what is asked is whether these facts can be at all.
    return [
        Violation(violation.code, violation.detail, pointer + violation.pointer)
        for violation in facts_violations("association", form_facts(told, {}))
        if violation.code != "members_missing"
    ]


def _wrong_shapes(told: Mapping[str, Any], organisations: Collection[str], pointer: str) -> Iterator[Violation]:
    for name, value in told.items():
        where = f"{pointer}/{name}"
        if name == "members":
            yield from _wrong_members(value, organisations, where)
        elif name == "colleges":
            yield from _wrong_colleges(value, where)
        elif name in _FLAGS:
            if not isinstance(value, bool):
                yield Violation("invalid", _("true ou false est attendu."), where)
        elif name in _NUMBERS:
            if type(value) is not int:
                yield Violation("invalid", _("Un nombre entier est attendu."), where)
        else:
            yield Violation("unknown_field", _("Champ inconnu."), where)


def _wrong_members(members: Any, organisations: Collection[str], pointer: str) -> Iterator[Violation]:
    if not isinstance(members, list) or len(members) > MAX_MEMBERS:
        yield Violation("invalid", _("Une liste de 200 membres au plus est attendue."), pointer)
        return
    seen: set[str] = set()
    for index, member in enumerate(members):
        where = f"{pointer}/{index}"
        if not isinstance(member, dict):
            yield Violation("invalid", _("Un objet JSON est attendu."), where)
            continue
        for name, value in member.items():
            if name == "organisation":
                named = value if isinstance(value, str) else ""
                if named not in organisations or named in seen:
                    detail = _("Une organisation citée prend part à cette structure, et n’est citée qu’une fois.")
                    yield Violation("not_among_members", detail, f"{where}/organisation")
                seen.add(named)
            elif name == "category":
                if value not in list(MemberCategory):
                    yield Violation("unknown_choice", _("Cette catégorie n’est pas connue."), f"{where}/category")
            elif name not in _MEMBER:
                yield Violation("unknown_field", _("Champ inconnu."), f"{where}/{name}")
            elif not isinstance(value, bool):
                yield Violation("invalid", _("true ou false est attendu."), f"{where}/{name}")


def _wrong_colleges(colleges: Any, pointer: str) -> Iterator[Violation]:
    if not isinstance(colleges, list) or len(colleges) > MAX_MEMBERS:
        yield Violation("invalid", _("Une liste de collèges est attendue."), pointer)
        return
    for index, college in enumerate(colleges):
        whole = isinstance(college, dict) and set(college) == {"code", "share"}
        if not whole or type(college["share"]) is not int or not isinstance(college["code"], str):
            yield Violation("invalid", _("Un collège a un code et une part."), f"{pointer}/{index}")


def form_facts(told: Mapping[str, Any], known: Mapping[str, MemberFacts]) -> FormFacts:
    """The facts of a checked value. `known`: what the legal form of each organisation that takes part says, by id.

    Organisations come in the order of `known`, then the members that are none of them in theirs.
    """
    rest = dict(told)
    said = rest.pop("members", ())
    by_organisation = {member["organisation"]: member for member in said if "organisation" in member}
    others = [MemberFacts(**_typed(member)) for member in said if "organisation" not in member]
    members = [replace(facts, **_typed(by_organisation.get(who, {}))) for who, facts in known.items()]
    colleges = rest.pop("colleges", None)
    return FormFacts(
        members=[*members, *others],
        colleges=None if colleges is None else [CollegeShare(**college) for college in colleges],
        **rest,
    )


def _typed(member: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in member.items() if name != "organisation"}
    if "category" in given:
        given["category"] = MemberCategory(given["category"])
    return given
