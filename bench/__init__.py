"""How fast it is, beside what else one could build it on: every figure a ratio, taken side by side."""
