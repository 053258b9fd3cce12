"""Turns values of core/ into text for people and programs. Computes nothing new."""
