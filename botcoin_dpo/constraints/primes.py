"""Prime numbers, as far as constraints and computations of traces ask for them."""

from functools import lru_cache

LARGEST_FOR_PRIME = 10**9
"""A number up to which the next prime is looked for."""

_BASES = (2, 3, 5, 7)
_ENOUGH_FOR_TWO_BASES = 1_373_653


@lru_cache(maxsize=4096)  # the attempts at a challenge ask for the same
def next_prime(number: int) -> int:
    """Return the smallest prime that is not below a number."""
    candidate = max(2, number)
    while not is_prime(candidate):
        candidate += 1
    return candidate


@lru_cache(maxsize=4096)
def is_prime(number: int) -> bool:
    """Return whether a number up to 3·10^9 is prime (Miller-Rabin; these bases decide up to there).

    Jaeschke, "On strong pseudoprimes to several bases", Math. Comp. 61 (1993).
    """
    if number < 2:
        return False
    for base in _BASES:
        if number % base == 0:
            return number == base
    odd = number - 1
    twos = (odd & -odd).bit_length() - 1
    odd >>= twos
    for base in _BASES[:2] if number < _ENOUGH_FOR_TWO_BASES else _BASES:
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True
