"""What the handlers of review may see of the outside."""
