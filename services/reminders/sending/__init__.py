"""A message on its way, from its claim until it is known what became of it."""
