"""The report: its sections as notebooks, merged, rendered into the project's page, and published whole."""
