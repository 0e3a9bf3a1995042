"""The store's fixtures."""

from tests.support.stores import kit, postgres_only, sql_kit, store_databases

__all__ = ["kit", "postgres_only", "sql_kit", "store_databases"]
