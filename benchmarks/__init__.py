"""What the product costs, measured beside what it could be measured against: `make bench`."""
