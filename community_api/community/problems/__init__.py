"""Problems of a neighbourhood and how they are solved with partners: the SARA model (popcenter.asu.edu)."""
