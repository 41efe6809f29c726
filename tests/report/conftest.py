"""The run whose pages are looked at."""

from workspaces import good

__all__ = ["good"]
