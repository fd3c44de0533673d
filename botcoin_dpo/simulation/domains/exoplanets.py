"""Exoplanets, told by survey papers and observing logs."""

from botcoin_dpo.simulation import names
from botcoin_dpo.simulation.domain import Comparison, Domain, Number, Series, Sheet, Text

EXOPLANETS = Domain(
    name="exoplanets",
    noun="planet",
    plural="planets",
    second_words=(
        "Alpha",
        "Beacon",
        "Crown",
        "Drift",
        "Ember",
        "Fathom",
        "Gate",
        "Harbor",
        "Isle",
        "Jewel",
        "Keel",
        "Lantern",
        "Mirror",
        "North",
        "Orchard",
        "Prime",
        "Quill",
        "Rest",
        "Sail",
        "Tide",
        "Veil",
        "Watch",
    ),
    attributes=(
        Text(
            "host_star_class",
            ("F-type", "G-type", "K-type", "M-dwarf", "A-type", "subgiant"),
            include="host star class of the planet",
            filter="around a host star of class {}",
            same="with the same host star class as",
        ),
        Text(
            "detection_method",
            ("transit", "radial-velocity", "microlensing", "direct-imaging", "astrometry"),
            include="detection method used for the planet",
            filter="found by the {} method",
            same="found by the same method as",
        ),
        Text(
            "observatory",
            lambda dice: f"{names.place(dice)}",
            include="observatory credited with the planet",
            filter="credited to the {} observatory",
            same="credited to the same observatory as",
            variety=6,
        ),
        Text("lead.first_name", names.given_name),
        Text(
            "lead.last_name",
            names.family_name,
            include="lead astronomer's last name on the planet",
        ),
        Number(
            "discovery_year",
            1996,
            2026,
            "the most recent discovery year",
            "the earliest discovery year",
            ("{0}",),
        ),
        Number(
            "orbital_period_days",
            12,
            4200,
            "the longest orbital period",
            "the shortest orbital period",
            ("{0:,}", "{0}"),
            term="orbital period in days",
            above="with an orbital period of more than {:,} days",
        ),
        Number(
            "radius_earths",
            6,
            148,
            "the largest radius",
            "the smallest radius",
            ("{0}",),
            digits=1,
        ),
        Number(
            "equilibrium_temperature_k",
            96,
            2450,
            "the highest equilibrium temperature",
            "the lowest equilibrium temperature",
            ("{0:,}", "{0}"),
            term="equilibrium temperature in kelvin",
            above="with an equilibrium temperature above {:,} kelvin",
        ),
        Number(
            "distance_parsecs",
            5,
            1900,
            "the greatest distance from Earth",
            "the smallest distance from Earth",
            ("{0:,}", "{0}"),
            term="distance in parsecs",
            above="more than {:,} parsecs away",
        ),
        Number(
            "eccentricity",
            2,
            890,
            "the highest orbital eccentricity",
            "the lowest orbital eccentricity",
            ("{0}",),
            digits=3,
        ),
        Series(
            "spectra",
            3,
            980,
            "spectra count",
            ("{0:,}", "{0}"),
            term="Q{} spectra count",
        ),
    ),
    sheets=(
        Sheet(
            (
                "detection_method",
                "observatory",
                "lead.first_name",
                "lead.last_name",
                "discovery_year",
            ),
            (
                "{name} was announced in {discovery_year} by {lead.first_name} {lead.last_name} "
                "and colleagues at the {observatory} observatory, who found it by the "
                "{detection_method} method.",
                "The {observatory} observatory published {name} in {discovery_year} under the "
                "direction of {lead.first_name} {lead.last_name}; the detection rests on "
                "{detection_method} data.",
                "Found in {discovery_year} ({detection_method} method, {observatory} observatory, "
                "lead astronomer {lead.first_name} {lead.last_name}), {name} has been followed up "
                "ever since.",
            ),
        ),
        Sheet(
            ("host_star_class", "distance_parsecs"),
            (
                "{name} circles a host star of class {host_star_class} at a distance of "
                "{distance_parsecs} parsecs from Earth.",
                "The host star of {name}, of class {host_star_class}, lies {distance_parsecs} "
                "parsecs away; its spectrum shows no sign of a close companion.",
            ),
        ),
        Sheet(
            ("orbital_period_days", "radius_earths", "equilibrium_temperature_k", "eccentricity"),
            (
                "With an orbital period of {orbital_period_days} days and an eccentricity of "
                "{eccentricity}, {name} settles at an equilibrium temperature of "
                "{equilibrium_temperature_k} K. Its radius is {radius_earths} Earth radii.",
                "The best fit for {name} gives a period of {orbital_period_days} days, a radius "
                "of {radius_earths} Earth radii, an equilibrium temperature of "
                "{equilibrium_temperature_k} kelvin and an eccentricity of {eccentricity}.",
                "Modelled jointly, the light curve and velocities of {name} yield "
                "{orbital_period_days} days for one orbit at eccentricity {eccentricity}, "
                "{radius_earths} Earth radii, and {equilibrium_temperature_k} K at equilibrium.",
            ),
            is_comparable=True,
        ),
        Sheet(
            ("spectra",),
            (
                "Follow-up of {name} recorded {spectra_1}, {spectra_2}, {spectra_3} and "
                "{spectra_4} spectra in the four quarters of the campaign.",
                "The campaign log lists, for {name}, {spectra_1} spectra in Q1, {spectra_2} in "
                "Q2, {spectra_3} in Q3 and {spectra_4} in Q4, all reduced with the common "
                "pipeline.",
                "Quarter by quarter, {name} was granted {spectra_1}/{spectra_2}/{spectra_3}/"
                "{spectra_4} spectra; weather accounts for most of the variation.",
            ),
        ),
    ),
    comparisons=(
        Comparison(
            "orbital_period_days",
            (
                "One orbit of {a} takes {d:,} days longer than one of {b}.",
                "The period of {a} exceeds that of {b} by {d:,} days.",
            ),
            (
                "{a} completes its orbit {d:,} days sooner than {b}.",
                "The period of {a} is {d:,} days shorter than that of {b}.",
            ),
        ),
        Comparison(
            "radius_earths",
            (
                "{a} is larger than {b} by {d} Earth radii.",
                "In radius {a} surpasses {b} by {d} Earth radii.",
            ),
            (
                "{a} is smaller than {b} by {d} Earth radii.",
                "In radius {a} falls {d} Earth radii short of {b}.",
            ),
        ),
        Comparison(
            "equilibrium_temperature_k",
            (
                "{a} is hotter than {b} by {d:,} K.",
                "The equilibrium temperature of {a} lies {d:,} K above that of {b}.",
            ),
            (
                "{a} is cooler than {b} by {d:,} K.",
                "The equilibrium temperature of {a} lies {d:,} K below that of {b}.",
            ),
        ),
        Comparison(
            "eccentricity",
            ("The orbit of {a} is more eccentric than that of {b} by {d}.",),
            ("The orbit of {a} is less eccentric than that of {b} by {d}.",),
        ),
    ),
    comparison_groups=(
        (("orbital_period_days", None), ("radius_earths", None)),
        (("equilibrium_temperature_k", None), ("eccentricity", None)),
    ),
    headings=(
        "A Homogeneous Catalogue of Confirmed Planets: Parameters, Provenance and Follow-up",
        "Survey Report: Orbital Architectures from Four Quarters of Spectroscopy",
        "Comparative Planetology Working Group, Compilation for Internal Review",
    ),
    asides=(
        "{name}: host star class {host_star_class}, {detection_method} detection.",
        "Principal investigator {lead.first_name} {lead.last_name} keeps the ephemeris of {name}.",
        "The joint fit converged after nine iterations at {orbital_period_days} days and "
        "{radius_earths} Earth radii.",
        "Night log: {spectra_3} frames in the third quarter, seeing fair.",
        "{name} is listed under the {observatory} programme.",
        "The system lies {distance_parsecs} parsecs out; the parallax is secure.",
    ),
    gossip=(
        "A blog post claimed that {alias} transits twice as often as {other}; the authors have "
        "since deleted it.",
        "At the poster session it was suggested that {name} and {other} formed in the same disc.",
        "An unrefereed preprint assigns {alias} a moon, on evidence that did not survive review.",
        "Colleagues have asked whether {name} deserves more time than {other}; the committee "
        "declined to say.",
    ),
    flourishes=(
        "The quoted uncertainties are dominated by the stellar parameters, not by photon noise.",
        "These values supersede the preliminary entries circulated to the group in the spring.",
        "A second, independent pipeline agrees to within one standard deviation on all of them.",
        "The residuals show no periodicity beyond that expected from the window function.",
        "Archival photometry was consulted where the modern coverage turned out to be incomplete.",
        "Contamination by nearby sources was excluded with adaptive-optics imaging in two bands.",
    ),
    fillers=(
        "Limb darkening coefficients were interpolated from published grids and held fixed.",
        "It is worth noting that equilibrium temperatures assume zero albedo and full "
        "redistribution of heat.",
        "Stellar activity remains the leading source of correlated noise in the velocities.",
        "The choice of prior on eccentricity matters little for well-sampled orbits.",
        "We do not discuss habitability, a word that has lost its use.",
        "Dilution by neighbouring stars was estimated from archival images.",
        "Readers interested in the instrument are referred to the commissioning papers.",
        "Preliminary runs with an older pipeline suggested larger radii, later traced to a "
        "calibration lamp.",
        "The distribution of periods is shaped by selection effects that we do not correct for.",
        "Recent advances in wavefront control may change which planets can be imaged directly.",
        "Weather losses in the second quarter exceeded the ten-year mean.",
        "The debate about the radius valley lies outside the scope of this compilation.",
        "Uncertainties are quoted at one standard deviation unless stated otherwise.",
        "Times are given in barycentric dynamical time throughout.",
        "No attempt was made to homogenise stellar ages.",
        "Two candidates were rejected as eclipsing binaries and do not appear below.",
    ),
    superseded=(
        "The discovery paper gave {label} of {name} as {value}, before the stellar parameters "
        "were revised.",
        "An alias in the first reduction put {label} of {name} at {value}; the solution was "
        "abandoned.",
        "Early catalogues list {label} of {name} as {value}, a value since withdrawn.",
    ),
    confirmed=(
        "With the full time series, {label} of {name} is {value}, and this is adopted.",
        "Independent re-reduction settled {label} of {name} at {value}.",
        "The revised solution for {name} fixes {label} at {value}.",
    ),
    entities=(17, 22),
    relative_share=0.25,
    equation_modulus=10,
)
