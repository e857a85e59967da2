"""Promises that hold in every stack of every environment."""
