"""`cooperative-profile-quiz`: the guide's quiz, for a workshop's first five minutes. Nothing is kept."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.serializers import Input
from coopproject.api.views import ApiViewSet
from governance.api.requests import refuse_parameters
from governance.rules.cooperative_profile import PROFILES, QUESTIONS, Profile, score_profile


class QuizProfileOutput(serializers.Serializer[Any]):
    code = serializers.ChoiceField([str(profile) for profile in Profile])
    name = serializers.CharField(source="label")
    description = serializers.CharField()


class QuizChoiceOutput(serializers.Serializer[Any]):
    """An answer; which profile it speaks for is told by the score only."""

    code = serializers.CharField()
    text = serializers.CharField(source="label")


class QuizQuestionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField(source="label")
    choices = QuizChoiceOutput(many=True)


class QuizOutput(serializers.Serializer[Any]):
    questions = QuizQuestionOutput(many=True)
    profiles = QuizProfileOutput(many=True)


class QuizAnswersInput(Input):
    answers = serializers.DictField(child=serializers.CharField(max_length=40))


class QuizScoreOutput(serializers.Serializer[Any]):
    """`profiles`: those with the most answers, all of them when there is a tie."""

    counts = serializers.DictField(child=serializers.IntegerField())
    profiles = QuizProfileOutput(many=True)


class QuizViewSet(ApiViewSet):
    serializer_class = QuizOutput
    pagination_class = None
    filter_backends = ()
    inputs = {"score": QuizAnswersInput}
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperative_profile_quiz_retrieve", responses=QuizOutput)
    def retrieve(self, request: Request) -> Response:
        """Four questions, three answers each."""
        refuse_parameters(request)
        return Response(QuizOutput({"questions": QUESTIONS, "profiles": PROFILES}).data)

    @extend_schema(operation_id="cooperative_profile_quiz_score", responses=QuizScoreOutput)
    def score(self, request: Request) -> Response:
        """The profile that the answers speak for. Nothing is written down."""
        found = score_profile(self.validated_input()["answers"])
        profiles = [entry for entry in PROFILES if entry.code in found.profiles]
        return Response(QuizScoreOutput({"counts": dict(found.counts), "profiles": profiles}).data)
