"""Records of many files to tables: whose each record is and which of several counts."""
