"""Wire to command: marshmallow schemas of intake."""
