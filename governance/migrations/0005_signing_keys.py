from django.db import migrations, models

# A public key is evidence: it is never changed nor deleted, and a revocation is never taken back.
FORWARD = """
CREATE FUNCTION governance_signing_key_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.public_key) IS NOT DISTINCT FROM (OLD.id, OLD.public_key) AND (
            OLD.revoked_at IS NULL
            OR (NEW.revoked_at, NEW.revoked_reason) IS NOT DISTINCT FROM (OLD.revoked_at, OLD.revoked_reason)
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a signing key and its revocation stay for ever: % refused', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'governance_signing_key_stays';
END $$;
CREATE TRIGGER signing_key_stays BEFORE UPDATE OR DELETE ON governance_signingkey
    FOR EACH ROW EXECUTE FUNCTION governance_signing_key_stays();
CREATE TRIGGER signing_key_never_truncated BEFORE TRUNCATE ON governance_signingkey
    FOR EACH STATEMENT EXECUTE FUNCTION governance_signing_key_stays();
"""
REVERSE = """
DROP TRIGGER signing_key_never_truncated ON governance_signingkey;
DROP TRIGGER signing_key_stays ON governance_signingkey;
DROP FUNCTION governance_signing_key_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0004_decisions_of_several'),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.CharField(max_length=16, primary_key=True, serialize=False, verbose_name='identifiant')),
                ('public_key', models.CharField(max_length=64, verbose_name='clé publique (hexadécimal)')),
                ('valid_from', models.DateTimeField(verbose_name='employée depuis le')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='remplacée le')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='compromise depuis le')),
                ('revoked_reason', models.CharField(blank=True, max_length=500, verbose_name='motif de la révocation')),
            ],
            options={
                'verbose_name': 'clé de signature',
                'verbose_name_plural': 'clés de signature',
                'ordering': ['valid_from', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('id__regex', '^[0-9a-f]{16}$'), ('public_key__regex', '^[0-9a-f]{64}$')), name='governance_signing_key_is_hexadecimal'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_reason', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoked_reason', ''), _negated=True)), _connector='OR'), name='governance_revoked_signing_key_says_why')],
            },
        ),
        migrations.RunSQL(FORWARD, REVERSE),
    ]
