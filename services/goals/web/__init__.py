"""The therapist's room: pages that a therapist reads and writes in, with the client looking on."""
