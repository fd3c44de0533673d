"""The whole card: its head and its sections in order."""

from botcoin_dpo.dataset.front_matter import with_front_matter
from botcoin_dpo.exporting.card.chat_templates import chat_templates
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.card.hazards import fields, hazards
from botcoin_dpo.exporting.card.head import front_matter
from botcoin_dpo.exporting.card.lengths import lengths
from botcoin_dpo.exporting.card.origin import CITATION, origin, provenance, uploading
from botcoin_dpo.exporting.card.overview import configs, introduction, loading
from botcoin_dpo.exporting.card.training import training, training_with_rewards


def make_card(facts: CardFacts) -> str:
    """Return the text of the card."""
    sections = (
        introduction(facts),
        configs(facts),
        loading(facts),
        lengths(facts),
        chat_templates(facts),
        training(facts),
        training_with_rewards(facts),
        origin(facts),
        hazards(facts),
        fields(facts),
        provenance(facts),
        CITATION,
        uploading(facts),
    )
    return with_front_matter(front_matter(facts), "\n".join(filter(None, sections)))
