"""From a folder of filled workbooks to the province's ranking of manufacturing "cloud enterprises"."""

__version__ = "0.1.0"
