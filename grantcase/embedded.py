"""The one-process runner: four services over SQLite and in-process feeds."""
