"""What the four services share; it never knows a service."""
