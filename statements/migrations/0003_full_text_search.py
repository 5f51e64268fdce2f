from django.db import migrations

from statements.fulltext import make_index, remove_index


class Migration(migrations.Migration):

    dependencies = [
        ('statements', '0002_trace_of_imports'),
    ]

    operations = [
        migrations.RunPython(make_index, remove_index),
    ]
