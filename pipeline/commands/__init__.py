"""The commands other than `report`, one module or folder each."""
