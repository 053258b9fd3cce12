"""The order of the stages: read, bind, name, lower, schedule, render, format, and what runs the result.

The only room that knows it. Takes and gives values of `core/`; parses no arguments and prints nothing.
"""
