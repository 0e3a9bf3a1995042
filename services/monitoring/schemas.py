"""Wire to command: marshmallow schemas of monitoring."""
