"""How a goal is worded: which SMART parts its words show, in each language, and what is asked next."""
