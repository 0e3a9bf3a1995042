"""Ids, money, time, envelope, permissions, ports and the error tree: pure."""
