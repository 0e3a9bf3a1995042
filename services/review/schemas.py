"""Wire to command: marshmallow schemas of review."""
