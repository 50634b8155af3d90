"""What the worker serves beside the API."""

from django.urls import path
from django.views.decorators.cache import never_cache

from worker.api.metrics import MetricsView

urlpatterns = [path("metrics", never_cache(MetricsView.as_view()), name="metrics")]
