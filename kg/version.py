"""The version of code and data, the one place it is written."""

VERSION = "26.11.0"
