"""Repeatable tables as files: template workbooks, and reading .xlsx and .csv with every fault."""
