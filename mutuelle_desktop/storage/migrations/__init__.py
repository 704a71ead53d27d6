"""Alembic's linear history of the library, run in one transaction at opening."""

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from mutuelle_desktop.storage.schema import metadata

FOLDER = Path(__file__).resolve().parent


def upgrade(connection: sa.Connection) -> None:
    """Bring the base to the newest version; the caller's transaction makes it whole or not at all."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    context = EnvironmentContext(config, script)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        fn=lambda revision, _context: script._upgrade_revs("head", revision),  # noqa: SLF001 - Alembic's own recipe
        render_as_batch=True,
        transactional_ddl=True,
    )
    migration = context.get_context()
    with Operations.context(migration):
        migration.run_migrations()
