"""What the handlers of finance may see of the outside."""
