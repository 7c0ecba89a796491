"""The door: HTTP, who may, what the service says of itself, and the outbox of this machine."""
