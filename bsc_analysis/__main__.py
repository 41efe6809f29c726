"""`python -m bsc_analysis` is `bsc`."""

from bsc_analysis.cli import main

if __name__ == "__main__":
    main()
