"""Importing: records that come from elsewhere, judged whole before anything is written."""
