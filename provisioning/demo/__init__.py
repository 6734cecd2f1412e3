"""A pretend clinic on one desk: broker, cloud, reader, patients."""
