"""A trace as text, data, a page, slides, and on the screen of a terminal: one module a view, and what they share."""
