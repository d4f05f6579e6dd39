"""The administrative divisions from which the demonstration and the benchmark build an organisation tree."""
