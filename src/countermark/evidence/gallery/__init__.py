"""A run of pictures: its conclusion, the evidence pictures, and the report as a gallery."""
