"""Carrying out erasures that were granted: found from the log, taken step by step, told once they hold."""
