"""What may never be changed or deleted is guarded by the database itself (R-218)."""

import sqlalchemy as sa
from sqlalchemy import event

_SQLITE = """
CREATE TRIGGER {table}_refuse_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'E_IMMUTABLE {table}: {verb}'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'E_IMMUTABLE %: %', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = '23001'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_refuse_{verb} BEFORE {VERB} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_REFUSED = {
    "sqlite": {
        "events": ("update", "delete"),
        "audit_events": ("update", "delete"),
        "definitions": ("update", "delete"),
        "letters": ("delete",),
        "transfers": ("delete",),
        "attachment_contents": ("update",),
    },
    "postgresql": {
        "events": ("update", "delete", "truncate"),
        "audit_events": ("update", "delete", "truncate"),
        "definitions": ("update", "delete", "truncate"),
        "letters": ("delete", "truncate"),
        "transfers": ("delete", "truncate"),
        "attachment_contents": ("update",),
    },
}


def statements(dialect: str, table: str) -> tuple[str, ...]:
    """The statements that guard one table."""
    template = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    guards = tuple(template.format(table=table, verb=verb, VERB=verb.upper()) for verb in _REFUSED[dialect][table])
    return guards if dialect == "sqlite" else (_POSTGRESQL_FUNCTION, *guards)


def attach(**tables: sa.Table) -> None:
    """Let each of these tables be created together with its guards."""
    for name, table in tables.items():
        for dialect in _REFUSED:
            for statement in statements(dialect, name):
                guard = sa.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", guard.execute_if(dialect=dialect))
