"""What others wrote that Cairn is made of, and whether anything is known against it or against our code."""
