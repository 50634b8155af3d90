"""Deny by default: authenticated, scope of the token, then the ability of the object. Nothing else opens a door."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from coopproject.api.problems import ApiProblem
from coopproject.exceptions import NotAllowed


class AbilityPermission(BasePermission):
    """Asks the policy of the view. Reading asks for nothing beyond `visible_to`, which already answered 404."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        scopes = getattr(request.auth, "scopes", None)
        if scopes is not None and (needed := needed_scope(request, view)) not in scopes:
            raise ApiProblem("insufficient_scope", errors=[{"pointer": "", "code": needed, "detail": needed}])
        return True

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        act = view.ability or view.action
        if request.method in SAFE_METHODS and act not in view.policy.acts:
            return True
        if not view.policy.allows(view.actor, act, obj):
            raise NotAllowed(view.policy.refusal(act))
        return True


def needed_scope(request: Request, view: Any) -> str:
    """`read` for safe methods, `legal` for acts that bind, `write` for the rest."""
    if request.method in SAFE_METHODS:
        return "read"
    return "legal" if view.is_legal else "write"
