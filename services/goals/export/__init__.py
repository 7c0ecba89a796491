"""One client's record as a copy that leaves the house, in the forms that others read."""
