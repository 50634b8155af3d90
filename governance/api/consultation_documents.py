"""`consultation-documents` and `consultation-meetings`: what is handed to a works council, and when it met."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.filters import FilterSet, date_range
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ResourceViewSet, act
from governance.api.held_files import OWN_FILE, HeldFileOutput
from governance.enums import CouncilLevel
from governance.models import ConsultationDocument, ConsultationMeeting, StoredFile
from governance.policies import decisions as policies_decisions
from governance.rules.consultation_documents import binds_to_discretion, is_late
from governance.selectors.employers import consultation_facts
from governance.services import consultation_documents as services
from governance.services import consultation_meetings as meetings

_SAID = (
    "title",
    "file",
    "reference",
    "is_required",
    "source_level",
    "confidential_by_nature",
    "presented_as_confidential",
    "notice",
    "confidential_until",
)


class ConsultationDocumentOutput(Output):
    """`sha256` is empty until the document is handed over, and frozen from then on."""

    policy = policies_decisions.consultation_document
    file = HeldFileOutput(read_only=True, allow_null=True)
    organisation = serializers.PrimaryKeyRelatedField[Any](source="consultation.organisation", read_only=True)
    late_information = serializers.SerializerMethodField(
        help_text=_("Remis après l’information dite complète ; le délai n’en change pas.")
    )
    duty_of_discretion = serializers.SerializerMethodField(
        help_text=_("Confidentiel par nature et présenté comme tel : il faut les deux (C. trav. L2315-3).")
    )

    class Meta:
        model = ConsultationDocument
        fields = (
            "id",
            "version",
            "cooperation",
            "consultation",
            "organisation",
            *_SAID,
            "handed_on",
            "sha256",
            "late_information",
            "duty_of_discretion",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("consultation__organisation").prefetch_related("file")

    def get_late_information(self, obj: ConsultationDocument) -> bool:
        return is_late(obj.handed_on, consultation_facts(obj.consultation).start)

    def get_duty_of_discretion(self, obj: ConsultationDocument) -> bool:
        return binds_to_discretion(by_nature=obj.confidential_by_nature, presented=obj.presented_as_confidential)


class ConsultationDocumentUpdateInput(ModelInput):
    file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)

    class Meta:
        model = ConsultationDocument
        fields = _SAID
        extra_kwargs = {"source_level": {"required": False}}


class ConsultationDocumentInput(ModelInput):
    file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)

    class Meta:
        model = ConsultationDocument
        fields = ("consultation", *_SAID)
        extra_kwargs = {"source_level": {"required": False}}


class HandDocumentOverInput(Input):
    handed_on = serializers.DateField()


class ConsultationDocumentFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    consultation = django_filters.UUIDFilter(field_name="consultation_id", label=_("consultation"))
    organisation = django_filters.UUIDFilter(field_name="consultation__organisation_id", label=_("employeur"))
    is_required = django_filters.BooleanFilter()
    presented_as_confidential = django_filters.BooleanFilter()
    locals().update(date_range("handed_on"))

    class Meta:
        model = ConsultationDocument
        fields = ()


class ConsultationDocumentViewSet(ReceivesFiles, ResourceViewSet):
    """Prepared by the employer alone; once handed over, known to whoever may know of it and frozen by its hash."""

    serializer_class = ConsultationDocumentOutput
    inputs: ClassVar[dict[str, Any]] = {
        "create": ConsultationDocumentInput,
        "partial_update": ConsultationDocumentUpdateInput,
    }
    create_service = staticmethod(services.document_create)
    update_service = staticmethod(services.document_update)
    file_actions = frozenset({"restore_file"})
    filterset_class = ConsultationDocumentFilter
    ordering = ("created_at",)
    ordering_fields = ("created_at", "handed_on")
    guarded_actions = frozenset({"partial_update"})
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(HandDocumentOverInput, legal=True, guarded=True)
    def hand_over(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the works council received it."""
        return self.perform(services.document_hand_over)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes of the file, to whoever may know of the document."""
        return stored_file_response(request, self.get_object().file)

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back a file that an imported dossier knew by its hash only: the very same bytes."""
        document = self.get_object()
        content = self.validated_input()["file"].read()
        expected = self.expected_version()
        return self.respond(
            services.document_restore_file(pk=document.pk, actor=self.actor, expected_version=expected, content=content)
        )


class ConsultationMeetingOutput(Output):
    policy = policies_decisions.consultation_meeting

    class Meta:
        model = ConsultationMeeting
        fields = (
            "id",
            "version",
            "cooperation",
            "consultation",
            "level",
            "convened_on",
            "agenda_sent_on",
            "held_on",
            "annulled_on",
            "annulled_reason",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("consultation")


class ConsultationMeetingInput(ModelInput):
    class Meta:
        model = ConsultationMeeting
        fields = ("consultation", "level", "convened_on", "agenda_sent_on", "held_on")


class AnnulInput(Input):
    reason = serializers.CharField(max_length=2000)


class ConsultationMeetingFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    consultation = django_filters.UUIDFilter(field_name="consultation_id", label=_("consultation"))
    level = django_filters.ChoiceFilter(choices=CouncilLevel.choices)
    annulled = django_filters.BooleanFilter(field_name="annulled_on", lookup_expr="isnull", exclude=True)
    locals().update(date_range("held_on"))

    class Meta:
        model = ConsultationMeeting
        fields = ()


class ConsultationMeetingViewSet(ResourceViewSet):
    """Meetings that were held. Nothing is deleted: a mistake is annulled with its reason."""

    serializer_class = ConsultationMeetingOutput
    inputs: ClassVar[dict[str, Any]] = {"create": ConsultationMeetingInput}
    create_service = staticmethod(meetings.meeting_create)
    filterset_class = ConsultationMeetingFilter
    ordering = ("held_on",)
    ordering_fields = ("held_on", "created_at")
    http_method_names = ["get", "post", "head", "options"]

    @act(AnnulInput)
    def annul(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take back a meeting that was recorded by mistake."""
        return self.perform(meetings.meeting_annul)
