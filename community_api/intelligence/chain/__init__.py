"""The way of a referral from local to regional and national level and back."""
