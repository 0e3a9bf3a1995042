"""What the handlers of monitoring may see of the outside."""
