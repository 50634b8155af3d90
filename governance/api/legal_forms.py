"""`legal-forms`: what is known of each form; `cooperations/{id}/check-form/`: whether given members may take one."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.serializers import Input, VisibleRef
from coopproject.api.views import ApiViewSet
from governance.actor import Actor
from governance.api.requests import refuse_parameters
from governance.models import Cooperation, Organisation
from governance.rules.legal_forms import (
    CHECKED_ON,
    FORMS,
    CollegeShare,
    FindingSeverity,
    FormCode,
    FormFacts,
    MemberCategory,
    MemberFacts,
    PublicBodies,
    check_form,
    form_by_code,
)
from governance.rules.orientation import Family, Form
from governance.rules.regimes import Confidence
from governance.selectors import legal_forms as selectors

_CONFIGURABLE = _("Pas assez établi pour être montré comme le droit : à vérifier, et réglable.")


class FormConstraintOutput(serializers.Serializer[Any]):
    statement = serializers.CharField()
    legal_ref = serializers.CharField()
    confidence = serializers.ChoiceField([str(level) for level in Confidence])
    configurable = serializers.BooleanField(help_text=_CONFIGURABLE)


class LegalFormOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="code")
    name = serializers.CharField()
    family = serializers.ChoiceField([str(family) for family in Family])
    new_legal_person = serializers.BooleanField(
        allow_null=True, help_text=_("Crée une personne morale ; vide quand cela dépend de l’opération.")
    )
    legal_status = serializers.BooleanField(help_text=_("Est un statut ou un contrat que le droit connaît."))
    public_bodies_may_join = serializers.ChoiceField([str(said) for said in PublicBodies], source="public_bodies")
    who = serializers.CharField()
    used_for = serializers.CharField()
    confidence = serializers.ChoiceField([str(level) for level in Confidence])
    configurable = serializers.BooleanField(help_text=_CONFIGURABLE)
    constraints = FormConstraintOutput(many=True)
    legal_refs = serializers.ListField(child=serializers.CharField())
    valid_from = serializers.DateField(allow_null=True, help_text=_("Depuis quand le droit la connaît, si lu."))
    orientation = serializers.ChoiceField(
        [str(form) for form in Form], allow_null=True, help_text=_("Sa colonne de la table d’orientation.")
    )
    checked_on = serializers.SerializerMethodField(help_text=_("Jour où les sources ont été lues."))

    def get_checked_on(self, obj: Any) -> str:
        return CHECKED_ON.isoformat()


@extend_schema_serializer(many=False)
class LegalFormPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = LegalFormOutput(many=True)


class LegalFormViewSet(ApiViewSet):
    """Reference data, the same for everybody who is signed in."""

    http_method_names = ["get", "head", "options"]
    serializer_class = LegalFormOutput
    pagination_class = None
    filter_backends = ()
    lookup_value_regex = "[a-z_]{1,40}"
    policy: Policy = READ_ONLY

    @extend_schema(responses=LegalFormPage)
    def list(self, request: Request) -> Response:
        """Every form, from the lightest tie to the merger: few enough for one page."""
        refuse_parameters(request)
        return Response({"next": None, "previous": None, "results": LegalFormOutput(FORMS, many=True).data})

    @extend_schema(parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH)], responses=LegalFormOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        refuse_parameters(request)
        form = form_by_code(pk)
        if form is None:
            raise NotFound
        return Response(LegalFormOutput(form).data)


_BASIS_POINTS = _("En points de base : 5000 pour 50 %.")


def told(help_text: Any = "") -> serializers.BooleanField:
    """Yes, no, or not told."""
    return serializers.BooleanField(required=False, allow_null=True, default=None, help_text=help_text)


def share() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, default=None, help_text=_BASIS_POINTS)


class FormMemberInput(Input):
    """A future member. What is not told is what the legal form of the organisation says, if one is named."""

    organisation = VisibleRef(queryset=Organisation.objects.all(), required=False, allow_null=True, default=None)
    is_legal_person = told()
    is_public = told()
    is_ess = told(_("Entreprise de l’économie sociale et solidaire."))
    is_enterprise = told(_("Exerce une activité économique."))
    is_association = told()
    is_employer = told()
    category = serializers.ChoiceField(
        [str(kind) for kind in MemberCategory],
        required=False,
        allow_null=True,
        default=None,
        help_text=_("Sa catégorie d’associé, pour une SCIC."),
    )


class CollegeShareInput(Input):
    code = serializers.CharField(max_length=60)
    share = serializers.IntegerField(help_text=_BASIS_POINTS)


class CheckFormInput(Input):
    form = serializers.ChoiceField([str(code) for code in FormCode])
    members = FormMemberInput(many=True, required=False, help_text=_("Les membres actuels, si rien n’est dit."))
    # Not `many=True`: there, `allow_null` would be each item’s too.
    colleges = serializers.ListField(child=CollegeShareInput(), required=False, allow_null=True, default=None)
    public_capital = share()
    worker_capital = share()
    worker_votes = share()
    has_legal_person = told(_("Le pôle est porté par une personne morale de droit privé."))
    as_legal_status = serializers.BooleanField(required=False, default=True)
    lends_outside = told(_("Le personnel travaillerait aussi pour d’autres que les membres."))
    states = serializers.IntegerField(required=False, allow_null=True, default=None)


class FormFindingOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    severity = serializers.ChoiceField([str(severity) for severity in FindingSeverity])
    detail = serializers.CharField()
    confidence = serializers.ChoiceField([str(level) for level in Confidence])
    configurable = serializers.BooleanField(help_text=_CONFIGURABLE)
    legal_ref = serializers.CharField()
    pointer = serializers.CharField()


class CheckFormOutput(serializers.Serializer[Any]):
    form = serializers.CharField()
    possible = serializers.BooleanField(help_text=_("Aucune erreur parmi ce qui a été dit."))
    findings = FormFindingOutput(many=True)


def facts_of(data: dict[str, Any], cooperation: Cooperation, reader: Actor) -> FormFacts:
    """The facts of a checked body; the members of the cooperation known to the reader when it names none."""
    given = dict(data)
    members = given.pop("members", None)
    colleges = given.pop("colleges", None)
    if members is None:
        known = [selectors.member_facts(organisation) for organisation in selectors.members_today(cooperation, reader)]
    else:
        known = [_member(member) for member in members]
    return FormFacts(
        members=known,
        colleges=None if colleges is None else [CollegeShare(**college) for college in colleges],
        **given,
    )


def _member(data: dict[str, Any]) -> MemberFacts:
    said = {name: value for name, value in data.items() if value is not None}
    organisation = said.pop("organisation", None)
    base = MemberFacts() if organisation is None else selectors.member_facts(organisation)
    if "category" in said:
        said["category"] = MemberCategory(said["category"])
    return MemberFacts(**{**vars(base), **said})


class FormCheckViewSet(ApiViewSet):
    """Nothing is written: a form is tried on facts before anybody chooses it."""

    serializer_class = CheckFormOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    inputs = {"check_form": CheckFormInput}
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperations_check_form", responses=CheckFormOutput)
    def check_form(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What stands against a form, what to know of it, and what is still to be told."""
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        data = self.validated_input()
        form = data.pop("form")
        found = check_form(form, facts_of(data, cooperation, self.actor), waived=selectors.waived_rules(cooperation))
        possible = all(finding.severity is not FindingSeverity.ERROR for finding in found)
        body = {"form": form, "possible": possible, "findings": found}
        return Response(CheckFormOutput(body).data)
