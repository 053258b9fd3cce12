"""Renders a loop nest through templates. The only room that knows jinja2."""
