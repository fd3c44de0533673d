"""The domains that challenges are made of, by name."""

from botcoin_dpo.simulation.domain import Domain
from botcoin_dpo.simulation.domains.battery_materials import BATTERY_MATERIALS
from botcoin_dpo.simulation.domains.companies import COMPANIES
from botcoin_dpo.simulation.domains.enzymes import ENZYMES
from botcoin_dpo.simulation.domains.exoplanets import EXOPLANETS

DOMAINS: dict[str, Domain] = {
    domain.name: domain for domain in (COMPANIES, EXOPLANETS, BATTERY_MATERIALS, ENZYMES)
}
