"""Goals: what was promised, how likely it is from the KPI's own history, and whether it could be told from noise."""
