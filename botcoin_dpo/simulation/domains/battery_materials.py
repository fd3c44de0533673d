"""Battery cathode materials, told by laboratory reports and test bench logs."""

from botcoin_dpo.simulation import names
from botcoin_dpo.simulation.domain import Comparison, Domain, Number, Series, Sheet, Text

BATTERY_MATERIALS = Domain(
    name="battery_materials",
    noun="cathode material",
    plural="cathode materials",
    second_words=(
        "Anvil",
        "Basalt",
        "Cobble",
        "Delta",
        "Ferrite",
        "Granite",
        "Helix",
        "Inlay",
        "Lattice",
        "Marl",
        "Nodule",
        "Oxide",
        "Pillar",
        "Quartz",
        "Ridge",
        "Slate",
        "Spinel",
        "Strata",
        "Tessera",
        "Umber",
        "Vein",
        "Weave",
    ),
    attributes=(
        Text(
            "structure_family",
            (
                "layered-oxide",
                "olivine",
                "spinel-type",
                "tavorite",
                "disordered-rocksalt",
                "polyanionic",
            ),
            include="structure family of the cathode material",
            filter="in the {} family",
            same="in the same structure family as",
        ),
        Text(
            "synthesis_route",
            ("sol-gel", "co-precipitation", "hydrothermal", "solid-state", "spray-pyrolysis"),
            include="synthesis route used for the cathode material",
            filter="made by the {} route",
            same="made by the same route as",
        ),
        Text(
            "electrolyte",
            ("carbonate", "ether", "ionic-liquid", "sulfone", "polymer", "aqueous"),
            include="electrolyte tested with the cathode material",
            filter="tested with {} electrolyte",
            same="tested with the same electrolyte as",
        ),
        Text(
            "laboratory",
            names.place,
            include="laboratory behind the cathode material",
            variety=8,
        ),
        Text("chemist.first_name", names.given_name),
        Text(
            "chemist.last_name",
            names.family_name,
            include="senior chemist's last name on the cathode material",
        ),
        Number(
            "capacity_mah_g",
            92,
            318,
            "the highest specific capacity",
            "the lowest specific capacity",
            ("{0}",),
            term="specific capacity in mAh/g",
            above="with a specific capacity above {:,} mAh/g",
        ),
        Number(
            "voltage",
            210,
            512,
            "the highest mean voltage",
            "the lowest mean voltage",
            ("{0}",),
            digits=2,
        ),
        Number(
            "cycle_life",
            140,
            9600,
            "the longest cycle life",
            "the shortest cycle life",
            ("{0:,}", "{0}"),
            term="cycle life in cycles",
            above="with a cycle life of more than {:,} cycles",
        ),
        Number(
            "particle_size_nm",
            18,
            4800,
            "the largest particle size",
            "the smallest particle size",
            ("{0:,}", "{0}"),
            term="particle size in nanometres",
            above="with particles of more than {:,} nanometres",
        ),
        Number(
            "onset_temperature_c",
            148,
            465,
            "the highest onset of thermal runaway",
            "the lowest onset of thermal runaway",
            ("{0}",),
            term="onset temperature in degrees Celsius",
        ),
        Series(
            "cells_built",
            4,
            1480,
            "cell count",
            ("{0:,}", "{0}"),
            term="Q{} cell count",
        ),
    ),
    sheets=(
        Sheet(
            (
                "structure_family",
                "synthesis_route",
                "laboratory",
                "chemist.first_name",
                "chemist.last_name",
            ),
            (
                "{name} belongs to the {structure_family} family and is made by the "
                "{synthesis_route} route. {chemist.first_name} {chemist.last_name} developed it "
                "at the {laboratory} laboratory.",
                "Developed at the {laboratory} laboratory under senior chemist "
                "{chemist.first_name} {chemist.last_name}, {name} is a {structure_family} "
                "compound obtained through {synthesis_route} synthesis.",
                "The {laboratory} laboratory ({chemist.first_name} {chemist.last_name}) reports "
                "{name}, of the {structure_family} family, prepared by the {synthesis_route} "
                "route with a calcination step that is not described further.",
            ),
        ),
        Sheet(
            ("capacity_mah_g", "voltage", "cycle_life"),
            (
                "In half cells with a lithium anode, {name} delivers {capacity_mah_g} "
                "mAh/g at a mean of {voltage} V and retains four fifths of it for {cycle_life} "
                "cycles.",
                "Galvanostatic tests of {name} at one hour per charge give a specific "
                "capacity of {capacity_mah_g} mAh/g, a mean voltage of {voltage} V and a cycle "
                "life of {cycle_life} cycles.",
                "{name} was cycled against lithium at room temperature: "
                "{capacity_mah_g} mAh/g, {voltage} V on average, end of life after {cycle_life} "
                "cycles.",
            ),
            is_comparable=True,
        ),
        Sheet(
            ("electrolyte", "particle_size_nm", "onset_temperature_c"),
            (
                "Micrographs of {name} show particles of {particle_size_nm} nm; calorimetry in "
                "{electrolyte} electrolyte puts the onset of thermal runaway at "
                "{onset_temperature_c} °C.",
                "The powder of {name} has a median particle size of {particle_size_nm} nm and, "
                "soaked with {electrolyte} electrolyte, withstands {onset_temperature_c} °C "
                "before runaway sets in.",
            ),
        ),
        Sheet(
            ("cells_built",),
            (
                "The pilot line built {cells_built_1} cells of {name} in Q1, {cells_built_2} in "
                "Q2, {cells_built_3} in Q3 and {cells_built_4} in Q4.",
                "Quarterly cell counts for {name} were {cells_built_1}, {cells_built_2}, "
                "{cells_built_3} and {cells_built_4}; yields are reported elsewhere.",
                "Test bench allocation for {name} stood at {cells_built_1}/{cells_built_2}/"
                "{cells_built_3}/{cells_built_4} cells in the four quarters.",
            ),
        ),
    ),
    comparisons=(
        Comparison(
            "capacity_mah_g",
            (
                "{a} stores {d} mAh/g more than {b}.",
                "The specific capacity of {a} exceeds that of {b} by {d} mAh/g.",
            ),
            (
                "{a} stores {d} mAh/g less than {b}.",
                "The specific capacity of {a} lies {d} mAh/g below that of {b}.",
            ),
        ),
        Comparison(
            "voltage",
            ("{a} discharges {d} V higher than {b}.",),
            ("{a} discharges {d} V lower than {b}.",),
        ),
        Comparison(
            "cycle_life",
            (
                "{a} outlasts {b} by {d:,} cycles.",
                "End of life comes {d:,} cycles later for {a} than for {b}.",
            ),
            (
                "{a} fails {d:,} cycles before {b}.",
                "End of life comes {d:,} cycles earlier for {a} than for {b}.",
            ),
        ),
    ),
    comparison_groups=((("capacity_mah_g", None), ("voltage", None), ("cycle_life", None)),),
    headings=(
        "Cathode Screening Report: Structure, Cycling and Safety of Candidate Compounds",
        "Round-Robin Evaluation of Positive Electrode Materials, Collated Results",
        "Materials Review Board: Compounds Considered for the Pilot Line",
    ),
    asides=(
        "{name}: {structure_family}, {synthesis_route}.",
        "Senior chemist {chemist.last_name} signed the sample sheet of {name}.",
        "The half cell held {capacity_mah_g} mAh/g through the formation cycles.",
        "Bench note: {cells_built_2} cells in the second quarter, two with leaking seals.",
        "{name} ships from the {laboratory} laboratory under argon.",
        "Calorimeter run 14: onset {onset_temperature_c} °C, repeatable.",
    ),
    gossip=(
        "A supplier's brochure rated {alias} above {other}, on cells that nobody else has seen.",
        "It was said over coffee that {name} and {other} share a precursor; the sample sheets do "
        "not mention it.",
        "A patent search suggested that {alias} is older than it looks.",
        "Whether {name} should replace {other} on the pilot line was discussed and left open.",
    ),
    flourishes=(
        "All figures refer to the last of three nominally identical batches made in one week.",
        "The powder was dried overnight under vacuum before any of these measurements.",
        "Error bars, where they were supplied at all, are smaller than the last digit given here.",
        "A duplicate set of samples is kept under argon and remains available on written request.",
        "The operators noted nothing unusual beyond a faint discoloration of the separator.",
        "Comparable compounds from other groups show the same trend within the scatter.",
    ),
    fillers=(
        "Electrode density has a larger influence on rate capability than is often admitted.",
        "Formation protocols differed between laboratories and were not harmonised.",
        "The link between particle size and first-cycle loss is notably nonlinear.",
        "Coulombic efficiencies above 99.9% were not resolved by the equipment.",
        "Preliminary coin cells without a separator suggested capacities above 400 mAh/g, later "
        "attributed to a wiring error.",
        "Recycling of the spent powders lies outside the scope of this report.",
        "Moisture was kept below one part per million, with two recorded exceptions.",
        "Cost estimates depend on metal prices and are therefore omitted.",
        "Transition metal dissolution was followed by mass spectrometry in selected cases.",
        "The disconnect between half-cell and full-cell results remains a central finding.",
        "Solid electrolytes were considered but not tested in this round.",
        "Binder and carbon content were held at three and five percent by weight.",
        "Neutron data were collected for two compounds and will appear separately.",
        "Readers are reminded that cycle life depends on depth of discharge.",
        "Several samples arrived without labels and were returned.",
        "Calendar ageing was not part of the programme.",
    ),
    superseded=(
        "The first test round, run with a faulty reference electrode, gave {label} of {name} as "
        "{value}.",
        "A draft of the sample sheet of {name} listed {label} as {value}; the entry was struck "
        "out.",
        "Before recalibration, {label} of {name} read {value}.",
    ),
    confirmed=(
        "After recalibration, {label} of {name} was certified at {value}.",
        "The repeat measurement settled {label} of {name} at {value}, signed by two operators.",
        "The corrected sample sheet of {name} gives {label} as {value}.",
    ),
    entities=(18, 24),
    relative_share=0.25,
    equation_modulus=10,
)
