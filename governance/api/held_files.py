"""What the addresses of objects that hold a file share."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.models import StoredFile

OWN_FILE = _("Un de vos fichiers déposés par POST /files/.")


class KeptFileOutput(serializers.ModelSerializer[Any]):
    """A file that an object holds; its bytes are at the address of that object, under `file/`."""

    class Meta:
        model = StoredFile
        fields = ("name", "media_type", "size", "sha256", "is_missing")
        read_only_fields = fields
        extra_kwargs = {
            "is_missing": {"help_text": _("Le dossier importé n’en disait que l’empreinte : il reste à déposer.")}
        }
