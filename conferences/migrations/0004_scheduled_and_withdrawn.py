from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conferences', '0003_pictures_of_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreport',
            name='missed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='not published at'),
        ),
        migrations.AddField(
            model_name='historicalreport',
            name='publish_at',
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name='to be published at'),
        ),
        migrations.AddField(
            model_name='report',
            name='missed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='not published at'),
        ),
        migrations.AddField(
            model_name='report',
            name='publish_at',
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name='to be published at'),
        ),
        migrations.AlterField(
            model_name='historicalreport',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10),
        ),
        migrations.AlterField(
            model_name='report',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10),
        ),
    ]
