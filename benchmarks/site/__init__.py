"""What the pages of the public site cost a visitor, beside lists whose facets are counted by SQL."""
