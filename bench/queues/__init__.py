"""Queues that are compared: each enqueues jobs that do nothing, and has a worker that runs them."""
