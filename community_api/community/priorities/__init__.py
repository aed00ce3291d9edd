"""What a neighbourhood and its police have agreed to look after together, team by team and month by month."""
