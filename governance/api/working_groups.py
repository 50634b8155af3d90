"""`working-groups`, with their seats and meetings; `cooperations/{id}/committee-load/`: what each person bears."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.filters import date_range
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ApiViewSet, ResourceViewSet, act
from governance.api.held_files import OWN_FILE, HeldFileOutput
from governance.api.known_links import LinkedFilter
from governance.api.requests import refuse_parameters
from governance.enums import GroupCapacity
from governance.models import (
    Cooperation,
    Organisation,
    Person,
    StoredFile,
    WorkingGroup,
    WorkingGroupMeeting,
    WorkingGroupMember,
)
from governance.policies import dialogue as policies_dialogue
from governance.selectors import working_groups as selectors
from governance.services import working_groups as services

_SAID = (
    "theme",
    "mandate",
    "output_due_on",
    "lead",
    "organisation",
    "decision",
    "consultation",
    "next_meeting_on",
    "confidentiality",
)


class GroupMemberOutput(serializers.ModelSerializer[WorkingGroupMember]):
    class Meta:
        model = WorkingGroupMember
        fields = ("id", "person", "organisation", "capacity", "since", "until")


class GroupMeetingOutput(serializers.ModelSerializer[WorkingGroupMeeting]):
    class Meta:
        model = WorkingGroupMeeting
        fields = ("id", "held_on", "attendance", "attended", "record")


class WorkingGroupOutput(Output):
    policy = policies_dialogue.working_group
    members = GroupMemberOutput(many=True, read_only=True)
    meetings = GroupMeetingOutput(many=True, read_only=True)
    output_file = HeldFileOutput(read_only=True, allow_null=True)

    class Meta:
        model = WorkingGroup
        fields = (
            "id",
            "version",
            "cooperation",
            *_SAID,
            "since",
            "members",
            "meetings",
            "delivered_on",
            "output_text",
            "output_file",
            "ended_on",
            "end_reason",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related(
            "output_file",
            Prefetch("members", WorkingGroupMember.objects.order_by("since", "pk")),
            Prefetch("meetings", WorkingGroupMeeting.objects.order_by("held_on", "pk")),
            Prefetch("meetings__attended", Person.objects.order_by("search_name", "pk")),
        )


class WorkingGroupInput(ModelInput):
    since = serializers.DateField(required=False, help_text=_("Premier jour ; aujourd’hui par défaut."))

    class Meta:
        model = WorkingGroup
        fields = ("cooperation", *_SAID, "since")


class WorkingGroupUpdateInput(ModelInput):
    class Meta:
        model = WorkingGroup
        fields = _SAID


class AddMemberInput(Input):
    person = VisibleRef(queryset=Person.objects.all())
    organisation = VisibleRef(queryset=Organisation.objects.all(), required=False, allow_null=True)
    capacity = serializers.ChoiceField(GroupCapacity.choices, default=GroupCapacity.MEMBER)
    since = serializers.DateField(required=False)


class RemoveMemberInput(Input):
    person = VisibleRef(queryset=Person.objects.all())
    until = serializers.DateField(required=False, help_text=_("Dernier jour ; aujourd’hui par défaut."))


class RecordMeetingInput(Input):
    held_on = serializers.DateField()
    attended = VisibleRef(queryset=Person.objects.all(), many=True, required=False, help_text=_("Qui est venu."))
    attendance = serializers.IntegerField(
        required=False, min_value=1, max_value=1000, help_text=_("Combien de personnes, si elles ne sont pas citées.")
    )
    record = serializers.CharField(required=False, max_length=5000)
    next_meeting_on = serializers.DateField(required=False)


class DeliverInput(Input):
    delivered_on = serializers.DateField()
    output_text = serializers.CharField(required=False, max_length=20_000)
    output_file = VisibleRef(queryset=StoredFile.objects.all(), required=False, help_text=OWN_FILE)


class EndGroupInput(Input):
    reason = serializers.CharField(max_length=2000)
    ended_on = serializers.DateField(required=False, help_text=_("Dernier jour ; aujourd’hui par défaut."))


class WorkingGroupFilter(LinkedFilter):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    lead = django_filters.UUIDFilter(field_name="lead_id", label=_("personne qui anime"))
    member = django_filters.UUIDFilter(method="seating", label=_("personne qui siège"))
    ended = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull", exclude=True)
    locals().update(date_range("output_due_on"))
    locals().update(date_range("next_meeting_on"))

    class Meta:
        model = WorkingGroup
        fields = ()

    def seating(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        seats = WorkingGroupMember.objects.filter(person=value, until__isnull=True)
        return queryset.filter(pk__in=seats.values("group"))


class WorkingGroupViewSet(ReceivesFiles, ResourceViewSet):
    """Begun by the coordination or the facilitation, run by them and by whoever leads it."""

    serializer_class = WorkingGroupOutput
    inputs: ClassVar[dict[str, Any]] = {"create": WorkingGroupInput, "partial_update": WorkingGroupUpdateInput}
    create_service = staticmethod(services.group_create)
    update_service = staticmethod(services.group_update)
    file_actions = frozenset({"restore_output"})
    filterset_class = WorkingGroupFilter
    ordering = ("-since",)
    ordering_fields = ("since", "output_due_on", "next_meeting_on", "created_at")
    search_fields = ("search_theme",)
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(AddMemberInput)
    def add_member(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Seat a person in the group."""
        return self.perform(services.group_add_member)

    @act(RemoveMemberInput)
    def remove_member(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End the seat of a person; the record keeps it."""
        return self.perform(services.group_remove_member)

    @act(RecordMeetingInput)
    def record_meeting(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record a meeting that was held, and the next one."""
        return self.perform(services.group_record_meeting)

    @act(DeliverInput)
    def deliver(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand over what the group was to produce."""
        return self.perform(services.group_deliver)

    @act(EndGroupInput)
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End the group, with a reason."""
        return self.perform(services.group_end)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], url_path="output", renderer_classes=[FileRenderer])
    def output_bytes(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes of what the group delivered, to whoever may know of the group."""
        return stored_file_response(request, self.get_object().output_file)

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_output(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back a file that an imported dossier knew by its hash only: the very same bytes."""
        group = self.get_object()
        content = self.validated_input()["file"].read()
        expected = self.expected_version()
        return self.respond(
            services.group_restore_output(pk=group.pk, actor=self.actor, expected_version=expected, content=content)
        )


class PersonLoadOutput(serializers.Serializer[Any]):
    """`load`: groups and boards, and the meetings of one month on average."""

    person = serializers.UUIDField()
    name = serializers.CharField()
    groups = serializers.IntegerField()
    meetings = serializers.IntegerField()
    boards = serializers.IntegerField()
    load = serializers.IntegerField()
    over_threshold = serializers.BooleanField()


class CommitteeLoadOutput(serializers.Serializer[Any]):
    cooperation = serializers.UUIDField()
    on = serializers.DateField()
    months = serializers.IntegerField(help_text=_("Les mois sur lesquels les réunions sont comptées."))
    threshold = serializers.IntegerField()
    configurable = serializers.CharField(help_text=_("Le réglage sur lequel cela repose ; vide : la loi."))
    warning = serializers.CharField()
    people = PersonLoadOutput(many=True)


class CommitteeLoadViewSet(ApiViewSet):
    serializer_class = CommitteeLoadOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperations_committee_load_retrieve", responses=CommitteeLoadOutput)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Groups, meetings and boards of each person, of those groups that you may know of."""
        refuse_parameters(request)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        found = selectors.committee_load(cooperation, self.actor, clock.today(cooperation.zone))
        return Response(CommitteeLoadOutput(found).data)
