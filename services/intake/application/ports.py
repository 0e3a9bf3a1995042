"""What the handlers of intake may see of the outside."""
