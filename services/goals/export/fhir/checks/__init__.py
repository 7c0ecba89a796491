"""What has to hold of a bundle before it leaves the house, where others do not look."""
