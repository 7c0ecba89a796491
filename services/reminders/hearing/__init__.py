"""What she says to us, by text or on a page of her own: acted on here at once, and brought to the log."""
