"""What would be sent to a crowd of clients, in virtual time, by the very rules that send."""
