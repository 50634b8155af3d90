"""People and accounts. A person exists across cooperations; an account is only the means to sign in."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from coopproject.models import Entity
from coopproject.text import folded_column
from governance.enums import TokenScope

if TYPE_CHECKING:
    from governance.actor import Actor


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Oneself, and whoever is known to hold or to have held a role in a cooperation where the actor has one."""
        if not actor.is_authenticated:
            return self.none()
        from governance.models.cooperations import Role

        shared = Role.objects.visible_to(actor).order_by().values("person")
        return self.filter(models.Q(pk=actor.person_id) | models.Q(pk__in=shared))


class Person(Entity):
    """Name, work contact, nothing else (GDPR minimisation, domain.md 6). Erasure empties it and keeps its id.

    No record-level history here: past names would survive an erasure.
    """

    given_name = models.CharField(_("prénom"), max_length=100)
    family_name = models.CharField(_("nom"), max_length=100)
    email = models.EmailField(_("adresse électronique professionnelle"), blank=True)
    phone = models.CharField(_("téléphone professionnel"), max_length=30, blank=True)
    language = models.CharField(_("langue"), max_length=2, default="fr", choices=[("fr", "fr"), ("en", "en")])
    erased_at = models.DateTimeField(_("effacée le"), null=True, blank=True)
    search_name = folded_column("family_name", "given_name")

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ["search_name", "pk"]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}" if self.erased_at is None else str(_("[personne effacée]"))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """The operator of the instance (`manage.py createsuperuser`)."""
        return self.create_user(email, password, is_staff=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, Entity):
    """An account. Rights come from the roles of its person, never from the account, except `is_staff` (operator)."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="account", verbose_name=_("personne")
    )
    is_active = models.BooleanField(_("actif"), default=True)
    is_staff = models.BooleanField(_("opérateur de l’instance"), default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        constraints = [models.UniqueConstraint(Lower("email"), name="governance_one_account_per_email")]

    def __str__(self) -> str:
        return self.email


class ApiToken(models.Model):
    """A personal or service token `coop_<key>.<secret>`; only a peppered hash of the secret is kept."""

    key = models.CharField(_("clé publique"), max_length=16, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("compte"))
    name = models.CharField(_("nom"), max_length=100)
    secret_hash = models.CharField(_("empreinte"), max_length=64)
    scopes = ArrayField(models.CharField(max_length=10, choices=TokenScope), verbose_name=_("portées"))
    allowed_addresses = ArrayField(
        models.GenericIPAddressField(), default=list, blank=True, verbose_name=_("adresses admises")
    )
    created_at = models.DateTimeField(_("créé le"), db_default=Now())
    expires_at = models.DateTimeField(_("expire le"))
    last_used_at = models.DateTimeField(_("dernier usage"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)

    class Meta:
        verbose_name = _("jeton d’API")
        verbose_name_plural = _("jetons d’API")
        ordering = ["-created_at", "key"]

    def __str__(self) -> str:
        return f"{self.name} (coop_{self.key})"
