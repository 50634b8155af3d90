"""The facts that a check of a form needs, as far as organisations tell them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from coopproject import clock
from governance.actor import Actor
from governance.enums import LegalForm
from governance.models import Cooperation, Membership, Organisation
from governance.models.cooperations import in_force_on
from governance.rules.legal_forms import MemberFacts

# What the form of an organisation says by itself; the rest must be told (an ESS company has its own statutes or an
# agreement, a GIE may be of any members).
_ASSOCIATION = MemberFacts(is_public=False, is_ess=True, is_enterprise=True, is_association=True)
_ESS = MemberFacts(is_public=False, is_ess=True, is_enterprise=True, is_association=False)
_OF_FORM: Mapping[str, MemberFacts] = MappingProxyType(
    {
        LegalForm.ASSOCIATION: _ASSOCIATION,
        LegalForm.LOCAL_LAW_ASSOCIATION: _ASSOCIATION,
        LegalForm.FOUNDATION: _ESS,
        LegalForm.MUTUAL: _ESS,
        LegalForm.COOPERATIVE: _ESS,
        LegalForm.SCIC: _ESS,
        LegalForm.SCOP: _ESS,
        LegalForm.GE: MemberFacts(is_public=False, is_enterprise=True, is_employer=True),
        LegalForm.GCSMS: MemberFacts(is_association=False),
        LegalForm.GIE: MemberFacts(is_association=False),
        LegalForm.COMPANY: MemberFacts(is_public=False, is_enterprise=True, is_association=False),
        LegalForm.GIP: MemberFacts(is_public=True, is_ess=False, is_enterprise=False, is_association=False),
        LegalForm.PUBLIC_BODY: MemberFacts(is_public=True, is_ess=False, is_enterprise=False, is_association=False),
    }
)


def member_facts(organisation: Organisation) -> MemberFacts:
    """What the legal form of an organisation tells; None wherever it tells nothing."""
    return _OF_FORM.get(organisation.legal_form, MemberFacts())


def members_today(cooperation: Cooperation, reader: Actor | None = None) -> list[Organisation]:
    """The organisations whose membership is in force today, by name; for a `reader`, those they may know of."""
    known = Membership.objects.all() if reader is None else Membership.objects.visible_to(reader)
    members = known.filter(cooperation=cooperation).filter(
        in_force_on(clock.today(cooperation.zone), "joined_on", "left_on")
    )
    return list(Organisation.objects.filter(pk__in=members.values("organisation")).order_by("name", "pk"))


def waived_rules(cooperation: Cooperation) -> frozenset[str]:
    """Codes of the rules on forms that the cooperation sets aside (`settings.form_checks_off`)."""
    listed: Any = cooperation.settings.get("form_checks_off", [])
    return frozenset(code for code in listed if isinstance(code, str)) if isinstance(listed, list) else frozenset()
