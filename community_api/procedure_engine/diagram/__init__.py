"""A procedure drawn: stages by level as swimlanes, for one printed A3, as SVG that needs nothing else."""
