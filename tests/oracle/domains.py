"""What documents are about: vineyards and libraries, and how one speaks of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """What a document is about, and how it speaks of it.

    `{E}` is an entity, `{v}` its value, `{a}` to `{d}` its values of the four quarters.
    """

    noun: str
    plural: str
    names: tuple[str, ...]
    pools: dict[str, tuple[str, ...]]
    """The values of attributes that are texts."""
    ranges: dict[str, tuple[int, int]]
    """The smallest and the largest value of attributes that are numbers; the last has quarters."""
    phrases: dict[str, tuple[str, ...]]
    """How constraints name an attribute; `{q}` is `Q3`, `{o}` is `third`."""
    keys: dict[str, tuple[str, ...]]
    """How traces name it; `{n}` is the number of the quarter."""
    forms: dict[str, tuple[str, ...]]
    questions: dict[str, tuple[str, str]]
    """How questions ask for the largest and for the smallest number."""
    withdrawn: tuple[str, ...]
    """How a superseded value of the first number is told."""
    compared: str
    """How the first number of two entities is compared; `{F}` has less, by `{v}`."""
    again: str
    """Tells the second text once more."""
    aliases: tuple[str, ...]
    asides: tuple[str, ...]
    fillers: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """Names of the attributes that are texts."""
        return list(self.pools)

    @property
    def numbers(self) -> list[str]:
        """Names of the two attributes that are single numbers."""
        return list(self.ranges)[:2]

    @property
    def series(self) -> str:
        """Name of the attribute that has a number for each quarter."""
        return list(self.ranges)[2]


VINEYARDS = Domain(
    noun="vineyard",
    plural="vineyards",
    names=(
        "Amber Ridge", "Cold Spring", "Dunmore Hollow", "Falcon Bench", "Gilded Terrace",
        "Hollow Oak", "Juniper Slope", "Kestrel Bank", "Larkspur Hill", "Marlow Field",
        "Northgate Rise", "Three Quarry Lane",
    ),
    pools={
        "village": ("Saint Orin", "Harrowby", "Tessel", "Upper Combe", "Varna Cross", "Bruckel"),
        "grape": ("Pinot Meunier", "Carignan", "Tannat", "Roussanne", "Gamay", "Vermentino"),
    },
    ranges={"vines": (2_000, 60_000), "altitude": (80, 900), "bottles": (1_100, 9_900)},
    phrases={
        "village": ("village", "home village"),
        "grape": ("main grape", "main grape variety"),
        "vines": ("number of vines", "vine count"),
        "altitude": ("altitude in metres", "altitude"),
        "bottles": ("{q} bottle sales", "{o}-quarter bottle sales"),
    },
    keys={
        "village": ("village", "home_village"),
        "grape": ("main_grape", "main grape variety"),
        "vines": ("vine_count", "vines"),
        "altitude": ("altitude", "altitude_metres"),
        "bottles": ("bottle_sales_q{n}", "q{n}_bottle_sales"),
    },
    forms={
        "village": (
            "{E} lies in the village of {v}.",
            "The home village of {E} is {v}.",
            "{E}, in the village of {v}, opens its gates on Sundays.",
            "{E} belongs to the village of {v}.",
        ),
        "grape": (
            "The main grape at {E} is {v}.",
            "{E} grows {v} as its main grape.",
            "{v} is the main grape of {E}.",
            "At {E} the main grape is {v}, picked by hand.",
        ),
        "vines": (
            "{E} has {v} vines.",
            "There are {v} vines at {E}.",
            "The vine count at {E} is {v}.",
            "{E} tends {v} vines on its slopes.",
            "With {v} vines, {E} keeps its pickers busy.",
        ),
        "altitude": (
            "{E} sits at an altitude of {v} metres.",
            "The altitude of {E} is {v} metres.",
            "{E} stands {v} metres above the sea.",
            "At an altitude of {v} metres, {E} ripens late.",
        ),
        "bottles": (
            "{E} sold {a} bottles in the first quarter, {b} in the second, {c} in the third and"
            " {d} in the fourth.",
            "Bottle sales of {E} by quarter: Q1 {a}, Q2 {b}, Q3 {c}, Q4 {d}.",
            "Quarterly bottle sales at {E} were {a}, {b}, {c} and {d}.",
            "In the first quarter {E} sold {a} bottles; in the second quarter {b} bottles; in the"
            " third quarter {c} bottles; in the fourth quarter {d} bottles.",
        ),
    },
    questions={
        "vines": ("has the most vines", "has the fewest vines"),
        "altitude": ("lies at the highest altitude", "lies at the lowest altitude"),
        "bottles": (
            "sold the most bottles in the {o} quarter", "sold the fewest bottles in the {o} quarter"
        ),
    },
    withdrawn=(
        "An early survey gave {E} {v} vines; that figure was later withdrawn.",
        "The first census put {E} at {v} vines, but the census was wrong.",
        "Preliminary papers listed {v} vines for {E}; they have been superseded.",
    ),
    compared="{E} has {v} more vines than {F}.",
    again="Growers praise {E} for its main grape, {v}.",
    aliases=("the Old Lady", "the Crown", "the Orchard"),
    asides=(
        "{E} offers {n} guided tours a year.",
        "The cellar of {E} was rebuilt in {y}.",
        "On the feast of Saint Martin, {n} guests came to {E}.",
        "A travel guide calls {E} the quietest spot on the river.",
    ),
    fillers=(
        "Wine has been made along the river since the Romans came.",
        "Frost in April costs every grower some sleep.",
        "The co-operative meets on the first Monday of the month.",
    ),
)  # fmt: skip

LIBRARIES = Domain(
    noun="library",
    plural="libraries",
    names=(
        "Ashgrove Library", "Beacon Hall", "Cedar Street Library", "Dovecote Athenaeum",
        "Elmhurst Library", "Fenwick Institute", "Harbour Lane Library", "Ivory Gate Library",
        "Jessamine House", "Kingfisher Library", "Lantern Hall", "Mercer Reading Room",
    ),
    pools={
        "city": ("Port Merrin", "Callow", "Brindle", "Osterwick", "Tarn", "Lowick Bay"),
        "librarian": (
            "Ines Calloway", "Tomas Berg", "Ruth Adeyemi", "Petra Lindholm", "Hugo Marchetti",
            "Selma Okonjo", "Anton Vries", "Clara Dunmore", "Emil Sorensen", "Nadia Petrosyan",
            "Oscar Tilling", "Greta Halloran",
        ),
    },
    ranges={"volumes": (8_000, 400_000), "founded": (1790, 1995), "loans": (1_000, 48_000)},
    phrases={
        "city": ("city", "home city"),
        "librarian": ("head librarian's last name", "last name of the head librarian"),
        "volumes": ("number of volumes", "volume count"),
        "founded": ("founding year", "year of foundation"),
        "loans": ("{q} loans", "{o}-quarter loans"),
    },
    keys={
        "city": ("city", "home_city"),
        "librarian": ("head_librarian_last_name",),
        "volumes": ("volumes", "number_of_volumes"),
        "founded": ("founding_year", "founded"),
        "loans": ("loans_q{n}", "q{n}_loans"),
    },
    forms={
        "city": (
            "{E} is based in {v}, Norland.",
            "{E} has its seat in {v}, Norland.",
            "{E} stands in the city of {v}.",
            "The home city of {E} is {v}.",
        ),
        "librarian": (
            "The head librarian of {E} is {v}.",
            "{v} is head librarian of {E}.",
            "{E} is led by head librarian {v}.",
            "Head librarian {v} runs {E}.",
        ),
        "volumes": (
            "{E} holds {v} volumes.",
            "The shelves of {E} carry {v} volumes.",
            "There are {v} volumes at {E}.",
            "{E} keeps a stock of {v} volumes.",
        ),
        "founded": (
            "{E} was founded in {v}.",
            "Founded in {v}, {E} has never moved.",
            "The founding year of {E} is {v}.",
            "{E} opened its doors at its foundation in {v}.",
        ),
        "loans": (
            "{E} counted {a} loans in the first quarter, {b} in the second, {c} in the third and"
            " {d} in the fourth.",
            "Loans at {E} by quarter: Q1 {a}, Q2 {b}, Q3 {c}, Q4 {d}.",
            "The quarterly loans of {E} were {a}, {b}, {c} and {d}.",
            "In the first quarter {E} made {a} loans; in the second quarter {b} loans; in the"
            " third quarter {c} loans; in the fourth quarter {d} loans.",
        ),
    },
    questions={
        "volumes": ("holds the most volumes", "holds the fewest volumes"),
        "founded": ("was founded last", "was founded first"),
        "loans": (
            "made the most loans in the {o} quarter", "made the fewest loans in the {o} quarter"
        ),
    },
    withdrawn=(
        "An early inventory gave {E} {v} volumes; that figure was later withdrawn.",
        "A draft report put {E} at {v} volumes, but the report was wrong.",
        "Preliminary lists showed {v} volumes at {E}; they have been superseded.",
    ),
    compared="{E} holds {v} more volumes than {F}.",
    again="Head librarian {v} wrote a guide to {E}.",
    aliases=("the Old Lady", "the Lighthouse", "the Beehive"),
    asides=(
        "{E} lends out {n} umbrellas on rainy days.",
        "The roof of {E} was mended in {y}.",
        "On its open day, {n} children came to {E}.",
        "A newspaper once praised the silence of {E}.",
    ),
    fillers=(
        "Readers here are known to be loyal and a little slow to return things.",
        "The county pays for heating, and the readers pay for biscuits.",
        "Card catalogues are still used in some places.",
    ),
)  # fmt: skip

DOMAINS = (VINEYARDS, LIBRARIES)
