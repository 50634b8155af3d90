"""The reads that services and the API share, with their prefetches."""
