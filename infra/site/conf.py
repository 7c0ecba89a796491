"""How the site looks and what it takes for an error: Sphinx reads this."""

project = "Cairn"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Cairn"
html_copy_source = False
html_show_sphinx = False
# Headings are addressed as a forge addresses them, so that a link holds in both places.
myst_heading_anchors = 4
# The pages are told apart by their paths; a picture's size is the reader's.
pygments_style = "default"
pygments_dark_style = "github-dark"
html_static_path = ["static"]
html_css_files = ["tables.css"]
