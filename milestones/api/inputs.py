"""Shapes that several resources share."""

from rest_framework import serializers

from coopproject.api.serializers import Input


class StatedReason(Input):
    reason = serializers.CharField(max_length=5_000)
