"""Lists: one declaration per noun, read by page, fragment, API, CSV and XLSX alike.

How to add one: docs/howto/add_a_list.md.
"""

from cimic_portal.core.listing.columns import ListColumn, Sort, Tab
from cimic_portal.core.listing.days import SinceFilter, UntilFilter, WithinFilter
from cimic_portal.core.listing.declaration import Listing, all_listings, listing_named
from cimic_portal.core.listing.filters import ListFilter, OneOfFilter, SearchFilter, TickFilter
from cimic_portal.core.listing.records import AreaFilter, OfficeFilter, OrganisationFilter, RecordFilter
from cimic_portal.core.listing.selection import Selection

__all__ = [
    "AreaFilter",
    "ListColumn",
    "ListFilter",
    "Listing",
    "OfficeFilter",
    "OneOfFilter",
    "OrganisationFilter",
    "RecordFilter",
    "SearchFilter",
    "Selection",
    "SinceFilter",
    "Sort",
    "Tab",
    "TickFilter",
    "UntilFilter",
    "WithinFilter",
    "all_listings",
    "listing_named",
]
