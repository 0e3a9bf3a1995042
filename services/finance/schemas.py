"""Wire to command: marshmallow schemas of finance."""
