"""`cairn status`: how an installation is, read off what its processes show."""
