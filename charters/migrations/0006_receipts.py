import coopproject.models
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER charters_receipt_append_only BEFORE UPDATE OR DELETE ON charters_receipt
    FOR EACH ROW EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_receipt_never_truncated BEFORE TRUNCATE ON charters_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
"""
REVERSE = """
DROP TRIGGER charters_receipt_never_truncated ON charters_receipt;
DROP TRIGGER charters_receipt_append_only ON charters_receipt;
"""

class Migration(migrations.Migration):

    dependencies = [
        ('charters', '0005_motivations_coded_and_retired'),
        ('governance', '0005_signing_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=coopproject.models.new_id, editable=False, primary_key=True, serialize=False, verbose_name='identifiant')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='modifié le')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('content', models.TextField(verbose_name='contenu signé')),
                ('signature', models.CharField(max_length=88, verbose_name='signature')),
                ('approval', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='charters.approval', verbose_name='approbation')),
                ('cooperation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.cooperation', verbose_name='coopération')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.signingkey', verbose_name='clé de signature')),
            ],
            options={
                'verbose_name': 'reçu d’approbation',
                'verbose_name_plural': 'reçus d’approbation',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.RunSQL(FORWARD, REVERSE),
    ]
