"""Companies, told by filings, call transcripts, memos and gossip; most numbers are relative."""

from botcoin_dpo.simulation import names
from botcoin_dpo.simulation.domain import Comparison, Domain, Number, Series, Sheet, Text

COMPANIES = Domain(
    name="companies",
    noun="company",
    plural="companies",
    second_words=(
        "Assay",
        "Bearings",
        "Cartage",
        "Devices",
        "Estates",
        "Foundry",
        "Freight",
        "Glassworks",
        "Holdings",
        "Instruments",
        "Kilns",
        "Looms",
        "Mills",
        "Nurseries",
        "Optics",
        "Partners",
        "Quarries",
        "Rail",
        "Shipping",
        "Textiles",
        "Union",
        "Ventures",
        "Works",
        "Yards",
    ),
    attributes=(
        Text(
            "headquarters.city",
            names.place,
            include="headquarters city of the company",
        ),
        Text(
            "headquarters.country",
            names.country,
            include="headquarters country of the company",
            filter="headquartered in {}",
            same="headquartered in the same country as",
            variety=7,
        ),
        Text(
            "sector",
            tuple(
                f"{kind} {trade}"
                for kind in ("coastal", "digital", "medical", "household", "precision", "regional")
                for trade in ("catering", "ceramics", "forestry", "leasing", "printing", "storage")
            ),
        ),
        Text("ceo.first_name", names.given_name),
        Text("ceo.last_name", names.family_name, include="CEO's last name of the company"),
        Text("ceo.title", ("CEO", "Chief Executive", "Managing Director", "President & CEO")),
        Text(
            "status",
            ("publicly listed", "privately held"),
            filter="that are {}",
            same="with the same ownership status as",
        ),
        Number(
            "founded",
            1952,
            2021,
            "the most recent founding date",
            "the earliest founding date",
            ("{0}",),
        ),
        Number(
            "employees",
            1800,
            98500,
            "the most employees",
            "the fewest employees",
            ("{0:,}", "about {0}", "just over {0}", "nearly {0:,}", "{0:,}"),
            term="employees",
            above="with more than {:,} employees",
        ),
        Number(
            "debt_to_equity",
            1,
            49,
            "the highest debt-to-equity ratio",
            "the lowest debt-to-equity ratio",
            ("{0}",),
            digits=1,
        ),
        Number(
            "satisfaction",
            10,
            98,
            "the highest satisfaction score",
            "the lowest satisfaction score",
            ("{0}",),
            digits=1,
        ),
        Series(
            "revenue",
            15,
            4950,
            "revenue",
            (
                "{0:,} million dollars",
                "${0:,}M",
                "${0:,} million",
                "about {0:,} million dollars",
                "${1:.2f} billion ({0:,}M exact)",
                "just under {0} million dollars",
            ),
            term="Q{} revenue",
        ),
        Series(
            "growth",
            -29,
            49,
            "growth rate",
            ("grew by {0} percent", "expanded {0}%", "increased {0}%"),
            ("declined {0}%", "contracted by {0} percent", "fell {0}%"),
        ),
    ),
    sheets=(
        Sheet(
            (
                "headquarters.city",
                "headquarters.country",
                "sector",
                "ceo.first_name",
                "ceo.last_name",
                "ceo.title",
                "status",
                "founded",
            ),
            (
                "{name} is a {sector} company from {headquarters.city}, {headquarters.country}, "
                "set up in {founded} and {status}. Its {ceo.title} is {ceo.first_name} "
                "{ceo.last_name}.",
                "Founded in {founded} and {status}, {name} has its seat in {headquarters.city}, "
                "{headquarters.country}. It works in {sector}; {ceo.first_name} {ceo.last_name} "
                "leads it as {ceo.title}.",
                "From {headquarters.city} in {headquarters.country}, {ceo.title} {ceo.first_name} "
                "{ceo.last_name} directs {name}, a {sector} business that dates from {founded} and "
                "is {status}.",
            ),
        ),
        Sheet(
            ("employees", "debt_to_equity", "satisfaction"),
            (
                "{name} reports {employees} employees, a debt-to-equity ratio of {debt_to_equity} "
                "and a staff satisfaction score of {satisfaction}.",
                "The annual return of {name} counts {employees} people on the payroll, leverage "
                "(D/E) of {debt_to_equity} and satisfaction of {satisfaction} out of ten.",
                "Payroll at {name}: {employees} employees. Debt stands at {debt_to_equity} times "
                "equity, and surveys put satisfaction at {satisfaction}.",
            ),
            is_comparable=True,
        ),
        Sheet(
            ("revenue", "growth"),
            (
                "Over the fiscal year {name} took in {revenue_1} in the first quarter "
                "({growth_1}), then {revenue_2} in Q2 ({growth_2}). The third quarter brought "
                "{revenue_3} ({growth_3}) and the closing quarter {revenue_4} ({growth_4}).",
                "Revenue of {name}: {revenue_1} in Q1, which {growth_1}; {revenue_2} in the "
                "mid-year quarter, which {growth_2}; {revenue_3} in Q3, which {growth_3}; and "
                "{revenue_4} in the year-end quarter, which {growth_4}.",
                "{name} booked {revenue_1} in the opening quarter ({growth_1}), {revenue_2} in "
                "the second ({growth_2}), {revenue_3} in the third ({growth_3}) and {revenue_4} "
                "in the fourth ({growth_4}).",
            ),
            is_comparable=True,
        ),
    ),
    comparisons=(
        Comparison(
            "employees",
            (
                "{a} employs {d:,} more people than {b}.",
                "The payroll of {a} is {d:,} longer than that of {b}.",
                "Headcount at {a} exceeds {b}'s by {d:,}.",
                "With {d:,} more staff than {b}, {a} is the larger employer.",
            ),
            (
                "{a} employs {d:,} fewer people than {b}.",
                "Headcount at {a} falls {d:,} short of {b}'s.",
                "{a} gets by with {d:,} fewer staff than {b}.",
                "The workforce of {a} trails that of {b} by {d:,}.",
            ),
        ),
        Comparison(
            "debt_to_equity",
            (
                "Leverage at {a} is {d} higher than at {b} on the D/E scale.",
                "{a} carries a debt-to-equity ratio {d} points above {b}'s.",
                "The D/E ratio of {a} exceeds that of {b} by {d}.",
            ),
            (
                "Leverage at {a} is {d} lower than at {b} on the D/E scale.",
                "{a} carries {d} points less debt-to-equity than {b}.",
                "The D/E ratio of {a} stays {d} below that of {b}.",
            ),
        ),
        Comparison(
            "satisfaction",
            (
                "Staff of {a} are happier than those of {b} by {d} points.",
                "Satisfaction at {a} runs {d} above {b}'s level.",
                "Surveys put {a} {d} points ahead of {b} in satisfaction.",
            ),
            (
                "Satisfaction at {a} runs {d} below {b}'s level.",
                "Surveys put {a} {d} points behind {b} in satisfaction.",
                "In staff sentiment {a} trails {b} by {d}.",
            ),
        ),
        Comparison(
            "revenue",
            (
                "In the {q}, {a} took in {d:,} million more than {b}.",
                "Revenue of {a} in the {q} was ${d:,}M above {b}'s.",
                "{a} beat {b} by {d:,} million dollars in the {q}.",
                "The {q} gap in revenue between {a} and {b} was {d:,}M, with {a} ahead.",
            ),
            (
                "In the {q}, {a} took in {d:,} million less than {b}.",
                "Revenue of {a} in the {q} was ${d:,}M below {b}'s.",
                "{a} fell {d:,} million dollars short of {b} in the {q}.",
                "The {q} left {a} {d:,}M behind {b} in revenue.",
            ),
        ),
        Comparison(
            "growth",
            (
                "{a} outgrew {b} in the {q} by {d} percentage points.",
                "Growth at {a} in the {q} was {d} points above {b}'s rate.",
            ),
            (
                "{a} trailed {b} in {q} growth by {d} points.",
                "Growth at {a} in the {q} was {d} points below {b}'s rate.",
            ),
        ),
    ),
    comparison_groups=(
        (("employees", None), ("debt_to_equity", None), ("satisfaction", None)),
        (("revenue", 1), ("growth", 1), ("revenue", 2), ("growth", 2)),
        (("revenue", 3), ("growth", 3), ("revenue", 4), ("growth", 4)),
    ),
    headings=(
        "Minutes of the regional lenders' round table, unedited.",
        "Earnings call transcripts, abridged for the reading room.",
        "Correspondence file: annual returns and what was said about them.",
        "Internal memo thread on the reporting season.",
    ),
    asides=(
        "MODERATOR: On to {name}, of {headquarters.city}, {headquarters.country}.",
        "Re: {name} — {sector}, seat in {headquarters.city}, {headquarters.country}.",
        "CEO: {employees} colleagues, and I know half of them by name. {ceo.last_name} speaking.",
        "CFO: Q1 {revenue_1}; fourth quarter {revenue_4}.",
        "D/E {debt_to_equity}, satisfaction {satisfaction}.",
        "ANALYST: {name}, {headquarters.country}, {sector}. Any guidance?",
        "Per the books: opening quarter {revenue_1}, year-end quarter {revenue_4}.",
        "{ceo.first_name} {ceo.last_name} ({ceo.title}) — headcount {employees}.",
    ),
    gossip=(
        "Word in the trade was that {alias} would soon match {other}'s headcount, but nothing on "
        "file supports it.",
        "One abandoned forecast had {alias} doubling its closing-quarter revenue; it was never "
        "signed off.",
        "An analyst's aside: {name} tracked {other} more closely than expected late in the year.",
        "A trade letter discussed staffing plans at {name} without citing a single filed figure.",
        "Commentators asked whether {name} would surprise in the opening quarter; no audited "
        "numbers were given.",
        "Someone remarked that {alias} and {other} share a supplier, which may explain the "
        "resemblance of their third quarters.",
    ),
    flourishes=(),
    fillers=(
        "The round table broke for lunch without a vote.",
        "Macroeconomic headwinds were discussed at length and to no conclusion.",
        "Seasonal effects in segments outside the scope of this file were debated.",
        "A note on currency conversion was promised and has not arrived.",
        "The auditors reminded all parties that estimates are not filings.",
        "Freight rates came up again; the chair asked to return to the agenda.",
        "An unrelated inquiry about warehouse leases was forwarded to the registry.",
        "Several members asked that superseded figures be struck from later editions.",
        "The appendix on exchange listings is out of print.",
        "Minutes of the previous meeting were approved with one spelling corrected.",
        "A proposal to compare firms by floor space found no second.",
        "The secretary noted that initials are used for some firms to save paper.",
    ),
    superseded=(
        "{name} planning notes from before the audit put {label} at {value}; the figure was later "
        "superseded.",
        "An early draft of the return of {name} gave {label} as {value}, withdrawn on review.",
        "Provisional tables listed {label} of {name} at {value} before the filing was amended.",
    ),
    confirmed=(
        "The amended filing of {name} confirms {label} at {value}.",
        "On review, {label} of {name} was entered in the final record as {value}.",
        "The audited return of {name} states {label} as {value}, and this stands.",
    ),
    entities=(18, 23),
    relative_share=0.62,
    equation_modulus=50,
)
