"""The output folder: its CSV files and manifest, building it beside the old one, and putting it in place."""
