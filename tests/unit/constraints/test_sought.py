import re

from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.sought import SoughtText

_said = st.text("0123+=a. -_é", max_size=14)


@given(_said, _said.filter(bool))
def test_texts_are_looked_for_as_substrings_and_as_words(artifact: str, text: str) -> None:
    assert SoughtText(text).is_in(artifact) == (text in artifact)
    apart = re.search(rf"(?<![\w+=]){re.escape(text)}(?![\w+])", artifact)
    assert SoughtText(text).stands_in(artifact) == (apart is not None)
