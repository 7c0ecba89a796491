"""What her team is told: the weekly digest, and that somebody must look."""
