"""JSON only. Problems keep their own media type."""

from rest_framework.renderers import JSONRenderer as BaseJSONRenderer


class JSONRenderer(BaseJSONRenderer):
    """Answers JSON whatever the `Accept` says short of refusing it; accents stay readable."""

    ensure_ascii = False
    charset = None
