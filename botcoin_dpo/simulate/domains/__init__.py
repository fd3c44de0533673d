"""The domains that challenges are made of, by name."""

from botcoin_dpo.simulate.domain import Domain
from botcoin_dpo.simulate.domains.battery_materials import BATTERY_MATERIALS
from botcoin_dpo.simulate.domains.companies import COMPANIES
from botcoin_dpo.simulate.domains.enzymes import ENZYMES
from botcoin_dpo.simulate.domains.exoplanets import EXOPLANETS

DOMAINS: dict[str, Domain] = {
    domain.name: domain for domain in (COMPANIES, EXOPLANETS, BATTERY_MATERIALS, ENZYMES)
}
