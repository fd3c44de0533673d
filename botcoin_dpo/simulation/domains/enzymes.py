"""Industrial enzymes, told by screening papers and fermentation records."""

from botcoin_dpo.simulation import names
from botcoin_dpo.simulation.domain import Comparison, Domain, Number, Series, Sheet, Text

ENZYMES = Domain(
    name="enzymes",
    noun="enzyme",
    plural="enzymes",
    second_words=(
        "Acylase",
        "Amylase",
        "Catalase",
        "Cutinase",
        "Esterase",
        "Glucanase",
        "Hydrolase",
        "Inulinase",
        "Keratinase",
        "Laccase",
        "Lipase",
        "Mannanase",
        "Nitrilase",
        "Oxidase",
        "Pectinase",
        "Protease",
        "Reductase",
        "Synthase",
        "Tannase",
        "Urease",
        "Xylanase",
    ),
    attributes=(
        Text(
            "source_organism",
            ("yeast", "mold", "methanogen", "bacillus", "streptomycete", "microalga"),
            include="source organism of the enzyme",
            filter="from a {} source",
            same="from the same kind of source as",
        ),
        Text(
            "expression_host",
            ("Pichia", "Aspergillus", "Bacillus", "Kluyveromyces", "Trichoderma"),
            include="expression host used for the enzyme",
            filter="expressed in {}",
            same="expressed in the same host as",
        ),
        Text(
            "application",
            ("baking", "detergents", "textiles", "brewing", "biofuel", "leather"),
            include="field of application for the enzyme",
            filter="meant for {}",
            same="meant for the same application as",
        ),
        Text("curator.first_name", names.given_name),
        Text(
            "curator.last_name",
            names.family_name,
            include="strain curator's last name on the enzyme",
        ),
        Number(
            "optimum_ph",
            22,
            112,
            "the highest pH optimum",
            "the lowest pH optimum",
            ("{0}",),
            digits=1,
        ),
        Number(
            "optimum_temperature_c",
            18,
            118,
            "the highest temperature optimum",
            "the lowest temperature optimum",
            ("{0}",),
            above="with a temperature optimum above {:,} °C",
        ),
        Number(
            "specific_activity",
            36,
            9800,
            "the highest specific activity",
            "the lowest specific activity",
            ("{0:,}", "{0}"),
            term="specific activity in units per milligram",
            above="with a specific activity above {:,} units per milligram",
        ),
        Number(
            "half_life_minutes",
            14,
            2900,
            "the longest half-life",
            "the shortest half-life",
            ("{0:,}", "{0}"),
            term="half-life in minutes",
            above="with a half-life of more than {:,} minutes",
        ),
        Number(
            "residues",
            148,
            1240,
            "the most residues",
            "the fewest residues",
            ("{0:,}", "{0}"),
            term="residue count",
            above="with more than {:,} residues",
        ),
        Number(
            "michaelis_constant_mm",
            3,
            980,
            "the highest Michaelis constant",
            "the lowest Michaelis constant",
            ("{0}",),
            digits=2,
        ),
        Series(
            "yield_kg",
            6,
            1900,
            "fermentation yield",
            ("{0:,}", "{0}"),
            term="Q{} fermentation yield in kilograms",
        ),
    ),
    sheets=(
        Sheet(
            ("source_organism", "expression_host", "curator.first_name", "curator.last_name"),
            (
                "{name} was isolated from a {source_organism} and is expressed in "
                "{expression_host}; the strain is kept by {curator.first_name} "
                "{curator.last_name}.",
                "Strain curator {curator.first_name} {curator.last_name} deposited {name}, of "
                "{source_organism} origin, as a construct for {expression_host}.",
                "The gene of {name} comes from a {source_organism}. Production uses "
                "{expression_host} as host, under the care of {curator.first_name} "
                "{curator.last_name}.",
            ),
        ),
        Sheet(
            ("optimum_ph", "optimum_temperature_c", "half_life_minutes"),
            (
                "{name} works best at pH {optimum_ph} and {optimum_temperature_c} °C, where its "
                "half-life is {half_life_minutes} minutes.",
                "The activity profile of {name} peaks at pH {optimum_ph} and "
                "{optimum_temperature_c} °C; under these conditions half of it is lost within "
                "{half_life_minutes} minutes.",
            ),
            is_comparable=True,
        ),
        Sheet(
            ("specific_activity", "michaelis_constant_mm", "residues", "application"),
            (
                "Assays of {name} ({residues} residues) gave {specific_activity} units per "
                "milligram with a Michaelis constant of {michaelis_constant_mm} mM. Its intended "
                "use is in {application}.",
                "With {residues} residues, a specific activity of {specific_activity} U/mg and a "
                "Michaelis constant of {michaelis_constant_mm} mM, {name} is meant for "
                "{application}.",
                "Purified to a single band, {name} shows {specific_activity} U/mg on the standard "
                "substrate (Michaelis constant {michaelis_constant_mm} mM, {residues} residues) "
                "and is offered for {application}.",
            ),
        ),
        Sheet(
            ("yield_kg",),
            (
                "Fermentation of {name} yielded {yield_kg_1} kg in the first quarter, "
                "{yield_kg_2} kg in the second, {yield_kg_3} kg in the third and {yield_kg_4} kg "
                "in the fourth.",
                "Batch records for {name} sum to {yield_kg_1}, {yield_kg_2}, {yield_kg_3} and "
                "{yield_kg_4} kg by quarter, clarified broth excluded.",
                "Quarterly yields of {name} were {yield_kg_1}/{yield_kg_2}/{yield_kg_3}/"
                "{yield_kg_4} kg after filtration.",
            ),
        ),
    ),
    comparisons=(
        Comparison(
            "optimum_ph",
            ("The pH optimum of {a} lies {d} above that of {b}.",),
            ("The pH optimum of {a} lies {d} below that of {b}.",),
        ),
        Comparison(
            "optimum_temperature_c",
            ("{a} prefers a temperature {d} °C higher than {b} does.",),
            ("{a} prefers a temperature {d} °C lower than {b} does.",),
        ),
        Comparison(
            "half_life_minutes",
            (
                "{a} outlives {b} by {d:,} minutes of half-life.",
                "The half-life of {a} exceeds that of {b} by {d:,} minutes.",
            ),
            (
                "{a} loses half its activity {d:,} minutes sooner than {b}.",
                "The half-life of {a} is {d:,} minutes shorter than that of {b}.",
            ),
        ),
    ),
    comparison_groups=(
        (("optimum_ph", None), ("optimum_temperature_c", None), ("half_life_minutes", None)),
    ),
    headings=(
        "Screening of Industrial Biocatalysts: Sources, Kinetics and Production Records",
        "Enzyme Collection Yearbook, Section on Hydrolytic and Oxidative Activities",
        "Consolidated Strain and Fermentation Report",
    ),
    asides=(
        "{name}: {source_organism} origin, host {expression_host}.",
        "Curator {curator.last_name} has reserved two vials of {name}.",
        "The preparation retained its colour at {optimum_temperature_c} °C.",
        "Tank log: {yield_kg_4} kg in the fourth quarter, foam under control.",
        "{name} is catalogued under {application}.",
        "Mass spectrometry agreed with {residues} residues to within one glycan.",
    ),
    gossip=(
        "A sales sheet places {alias} ahead of {other} without naming the substrate.",
        "A reviewer wondered whether {name} and {other} are variants of one another; sequences "
        "were not compared.",
        "It is rumoured that {alias} will be dropped from the catalogue next year.",
        "The steering group compared {name} with {other} and adjourned.",
    ),
    flourishes=(
        "Each value is the mean of four replicates measured on two days by two operators.",
        "The preparation lost no measurable activity during a fortnight in the cold room.",
        "Substrate and buffer were taken from the common stock described in the methods section.",
        "Controls without enzyme, and with heat-treated enzyme, behaved exactly as they should.",
        "The collection holds a freeze-dried reference sample under the same accession number.",
        "A contaminating side activity was looked for and not found.",
    ),
    fillers=(
        "Assay temperature and assay pH were not always those of the optimum.",
        "Units are micromoles of product released per minute unless stated otherwise.",
        "Thermostability and activity trade off in ways that a single number cannot show.",
        "An early report of activities above 20,000 U/mg was traced to a dilution error.",
        "Glycosylation by the host changes apparent mass and little else.",
        "Foam suppressants were used in all fermentations and are not further discussed.",
        "Protein was determined by the dye-binding method, with its known biases.",
        "Inhibition by product was noticed in some preparations and not quantified.",
        "Directed evolution of these scaffolds is the subject of a companion paper.",
        "Freeze-drying cost between two and eleven percent of activity.",
        "Cofactors were supplied in excess wherever they are known.",
        "Structures of the active sites were modelled but not solved.",
        "The collection does not vouch for strains that were deposited before its move.",
        "Ionic strength was fixed with sodium chloride.",
        "Storage in glycerol is recommended for all preparations.",
        "Regulatory status differs by country and is not listed.",
    ),
    superseded=(
        "A first preparation of {name}, later found to be impure, gave {label} as {value}.",
        "The previous yearbook printed {label} of {name} as {value}, a misprint since withdrawn.",
        "Crude extracts suggested {value} as {label} of {name}, before purification.",
    ),
    confirmed=(
        "Repeated with purified protein, {label} of {name} came to {value}.",
        "The erratum gives {label} of {name} as {value}, which is the accepted figure.",
        "For {name}, three laboratories agree on {value} as {label}.",
    ),
    entities=(18, 24),
    relative_share=0.25,
    equation_modulus=10,
)
