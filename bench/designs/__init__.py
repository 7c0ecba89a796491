"""What is compared: each design opens one connection and gives what appends one event by it."""
