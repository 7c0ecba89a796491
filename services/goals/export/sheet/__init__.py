"""A record as a sheet: CSV for a spreadsheet, one row a change, in the client's language."""
