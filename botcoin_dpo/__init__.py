"""botcoin-dpo: raw agent logs in, preference data that can be trusted out."""

from botcoin_dpo.version import __version__

__all__ = ["__version__"]
