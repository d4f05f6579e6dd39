"""What people do with the service: one file per verb and noun, one transaction per change."""
