"""Pages of the organisation by role: who opens what, what a press does, how many queries it costs."""
