"""Certificates: trainers say who has passed which course, and take it back."""
