from django.db import migrations, models

from statements.fulltext import make_index, remove_index


class Migration(migrations.Migration):

    dependencies = [
        ('statements', '0003_full_text_search'),
    ]

    operations = [
        migrations.RunPython(remove_index, make_index),
        migrations.AddField(
            model_name='historicalstatement',
            name='missed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='not published at'),
        ),
        migrations.AddField(
            model_name='historicalstatement',
            name='publish_at',
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name='to be published at'),
        ),
        migrations.AddField(
            model_name='statement',
            name='missed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='not published at'),
        ),
        migrations.AddField(
            model_name='statement',
            name='publish_at',
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name='to be published at'),
        ),
        migrations.AlterField(
            model_name='historicalstatement',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10),
        ),
        migrations.AlterField(
            model_name='statement',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10),
        ),
        migrations.RunPython(make_index, remove_index),
    ]
