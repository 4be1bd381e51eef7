"""The planner by a small encoder: candidates as what it reads, its classes and pointers as calls."""
