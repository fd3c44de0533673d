"""`python -m botcoin_dpo` is `botcoin-dpo`."""

from botcoin_dpo.cli import main

if __name__ == "__main__":  # workers that are not forked import it, too
    main()
