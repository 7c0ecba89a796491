"""Each step once; what is released is never edited."""
