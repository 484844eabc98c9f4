"""Words of the demo mission's own modules."""

from __future__ import annotations

from training.models import Content, Page, PagePicture, Question

FIGURES_TITLE = "Reading displacement figures"
FIGURES_SUMMARY = (
    "Two numbers of the same district differ by ten thousand, and both are right. Afterwards you know what a figure "
    "counts, and which ones you must never add up."
)
FIGURES = Content(
    pages=(
        Page(
            "Stock and flow",
            "A **stock** says how many people are in a place on a day. A **flow** says how many came or left in a period. "
            "A stock of 12,000 in Ramba and a flow of 3,000 into Ramba are not 15,000: the 3,000 may stand in the 12,000.",
        ),
        Page(
            "One week in Ramba, drawn",
            "The same people, counted by three sources in the same week:\n\n[picture]\n\nThe camp count is the lowest because "
            "it leaves out those who live with families. The local authority counts the district, not the town.",
            PagePicture(
                "Three bars for the same week: camp count 8,400; community key informants 12,100; local authority 19,000.",
                file="three-counts.svg",
                width=480,
                height=330,
            ),
        ),
        Page(
            "What may be added up",
            "| Together? | Because |\n|---|---|\n| two districts, same source, same round | yes: nobody stands in both |\n"
            "| district and its province | no: the district is within it |\n| two rounds of one source | no: the same people, later |\n"
            "| households and people | no: first multiply by the household size that the source gives |",
        ),
    ),
    questions=(
        Question(
            "A stock of 12,000 on Monday, a flow of 3,000 in during the week. How many on Sunday?",
            ("15,000", "It cannot be said without those who left and the day of the count", "9,000"),
            (1,),
            "The stock may hold some of the flow already, and others may have left.",
        ),
        Question(
            "Which may be added up?",
            (
                "Two districts of the same source and round",
                "A district and its province",
                "Two rounds of one source",
            ),
            (0,),
            "Only figures of the same level, round and source that cannot hold the same person twice.",
        ),
        Question(
            "The authority says 19,000, the camp count 8,400. Who is wrong?",
            ("The authority", "The camp count", "Perhaps neither: they count different things"),
            (2,),
            "Ask first what was counted, where and when. Then compare.",
        ),
    ),
)
DRAFT_TITLE = "First hour after an alert"
DRAFT_SUMMARY = "Who calls whom, what is written down, and what is never promised on the telephone."
DRAFT = Content(
    pages=(
        Page(
            "The call", "Write down the time, the place and the words of the caller before you ask anything."
        ),
        Page(
            "Who must know",
            "The duty officer of the sector, the PoC adviser, and CMCoord when partners are near.",
        ),
    ),
    questions=(
        Question(
            "What do you write down first?",
            ("The name of the caller's group", "Time, place and the caller's words", "What you advise"),
            (1,),
            "Names can cost lives; time, place and words are what others need.",
        ),
    ),
)
