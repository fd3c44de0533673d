from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.primes import is_prime, next_prime


@given(st.integers(0, 5000))
def test_the_next_prime_is_the_first_number_without_divisors(number: int) -> None:
    prime = next_prime(number)
    assert prime >= max(2, number)
    assert all(prime % divisor for divisor in range(2, prime))
    for between in range(max(2, number), prime):
        assert not is_prime(between)
        assert any(between % divisor == 0 for divisor in range(2, between))


def test_primes_are_those_of_the_sieve_and_no_pseudoprimes() -> None:
    limit = 20_000
    sieve = [False, False, *[True] * (limit - 2)]
    for number in range(2, limit):
        if sieve[number]:
            sieve[number * number :: number] = [False] * len(sieve[number * number :: number])
    assert [is_prime(number) for number in range(limit)] == sieve
    # Composite, and yet strong probable primes to the bases 2; 2, 3; 2, 3, 5.
    assert not any(map(is_prime, (2047, 3277, 1373653, 25326001)))
    assert all(map(is_prime, (999_999_937, 1_000_000_007, 2_147_483_647)))
