"""How the database finds what is asked for, at sizes at which it matters."""
