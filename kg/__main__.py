"""`python -m kg` is the command `kg`."""

from .cli import main

if __name__ == "__main__":
    main()
