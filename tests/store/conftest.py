"""The store's fixtures."""

from tests.support.stores import kit, postgres_only, sql_kit, store_databases
from tests.support.tampered import filled

__all__ = ["filled", "kit", "postgres_only", "sql_kit", "store_databases"]
