"""`python -m botcoin_dpo` is `botcoin-dpo`."""

from botcoin_dpo.cli import main

main()
