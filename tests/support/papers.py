"""What a reader finds in a PDF."""

import pypdfium2


def pages_of(document: bytes) -> list[str]:
    """The text of each page, line by line."""
    with pypdfium2.PdfDocument(document) as opened:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in opened]
