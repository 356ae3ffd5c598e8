"""Digests of audit entries, batches of them, the form of links of the chains."""

from itertools import islice

from django.db import migrations, models

from core.evidence.entries import CONTENT, digest_of

CHUNK = 2000


def fill_digests(apps, schema_editor):
    """Entries from before get their digest too: from now on they cannot change unnoticed."""
    entries = apps.get_model("core", "AuditEntry").objects.order_by("pk")
    rows = entries.filter(digest="").only("pk", *CONTENT).iterator(CHUNK)
    while batch := list(islice(rows, CHUNK)):
        for entry in batch:
            entry.digest = digest_of([getattr(entry, name) for name in CONTENT])
        entries.bulk_update(batch, ["digest"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_month_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditentry',
            name='agent',
            field=models.CharField(blank=True, max_length=16, default='', verbose_name='浏览器摘要'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='auditentry',
            name='digest',
            field=models.CharField(editable=False, default='', max_length=64, verbose_name='内容摘要'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='chainentry',
            name='form',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='内容格式'),
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='批次')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('ranges', models.JSONField(verbose_name='记录编号')),
                ('last', models.BigIntegerField(db_index=True, verbose_name='最大编号')),
                ('leaves', models.BinaryField(verbose_name='各条摘要')),
                ('root', models.CharField(max_length=64, verbose_name='根摘要')),
                ('previous', models.CharField(max_length=64, verbose_name='上一批')),
                ('digest', models.CharField(max_length=64, verbose_name='本批摘要')),
            ],
            options={
                'verbose_name': '操作记录封存批次',
                'ordering': ['number'],
            },
        ),
        migrations.RunPython(fill_digests, migrations.RunPython.noop),
    ]
