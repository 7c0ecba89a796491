"""Drawings of a goal's course, made on the server: view data in, SVG out, no script and no style in it."""
