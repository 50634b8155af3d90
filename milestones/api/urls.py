"""Routes of milestones."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from milestones.api.activities import ActivityViewSet, MandateViewSet
from milestones.api.evaluations import CorrectiveActionViewSet, EvaluationGapViewSet, EvaluationViewSet
from milestones.api.expectations import ExpectationViewSet
from milestones.api.indicators import IndicatorTargetViewSet, IndicatorViewSet, MeasurementViewSet
from milestones.api.planning import BudgetEntryViewSet, BudgetLineViewSet, MilestoneViewSet

router = SimpleRouter()
router.register("activities", ActivityViewSet, basename="activity")
router.register("mandates", MandateViewSet, basename="mandate")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("budget-lines", BudgetLineViewSet, basename="budget-line")
router.register("budget-entries", BudgetEntryViewSet, basename="budget-entry")
router.register("indicators", IndicatorViewSet, basename="indicator")
router.register("indicator-targets", IndicatorTargetViewSet, basename="indicator-target")
router.register("measurements", MeasurementViewSet, basename="measurement")
router.register("evaluations", EvaluationViewSet, basename="evaluation")
router.register("evaluation-gaps", EvaluationGapViewSet, basename="evaluation-gap")
router.register("corrective-actions", CorrectiveActionViewSet, basename="corrective-action")
urlpatterns: list[URLPattern | URLResolver] = [
    path("charters/<uuid:pk>/coverage/", ExpectationViewSet.as_view({"get": "coverage"}), name="charter-coverage"),
    path(
        "charters/<uuid:pk>/expected-vs-proven/",
        ExpectationViewSet.as_view({"get": "expected_vs_proven"}),
        name="charter-expected-vs-proven",
    ),
    *router.urls,
]
