"""Triggers: audit entries, their batches and the links of the chains are only ever added (G12).

A later migration that makes SQLite build one of these tables anew loses its triggers and must put
them up again; tests/core/test_append_only.py and ``manage.py verify_chain`` tell when one is missing.
"""

from django.db import migrations

UNIQUE = {
    "core_auditentry": "id = NEW.id",
    "core_auditseal": "id = NEW.id OR number = NEW.number",
    "core_chainentry": (
        "id = NEW.id OR subject = NEW.subject OR (organization_id = NEW.organization_id AND number = NEW.number)"
    ),
}
"""What makes a row the same as one that is there: SQLite's INSERT OR REPLACE would delete it past the triggers."""
FUNCTION = """
CREATE OR REPLACE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def postgresql():
    """One trigger for each kind of change; none looks at a value, so no NULL gets past it."""
    yield FUNCTION
    for table in UNIQUE:
        for act, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            yield (
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION core_append_only()"
            )


def sqlite():
    """The same; there is no TRUNCATE, but a REPLACE."""
    for table, same in UNIQUE.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: a change of {table} is refused'); END"
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}"
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
        yield (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
        )


def put_up(apps, schema_editor):
    """In the words of the database at hand."""
    for statement in {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)  # a % is a %


def take_down(apps, schema_editor):
    """Without triggers, as before."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION core_append_only() CASCADE")
        return
    for table in UNIQUE:
        for act in ("update", "delete", "replace"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_evidence'),
    ]

    operations = [
        migrations.RunPython(put_up, take_down),
    ]
