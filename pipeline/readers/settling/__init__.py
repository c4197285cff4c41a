"""Records of many files to tables: whose a record is and which of several counts."""
