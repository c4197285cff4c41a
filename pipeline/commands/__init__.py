"""What the commands other than `report` do, one module or folder each; `cli` calls them."""
