from django.db import migrations

# The one clock of the domain (docs/adr/0002): asked through a function so that tests can set it inside their
# transaction, and so that a web server or a worker with a wrong clock changes nothing.
FORWARD = """
CREATE FUNCTION coop_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION coop_now();")]
