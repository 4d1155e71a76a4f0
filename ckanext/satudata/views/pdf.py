"""PDF files made of HTML by WeasyPrint. Nothing is fetched: what is printed is in the document."""

from __future__ import annotations

import io

MEDIA = "application/pdf"


def printed(html: str) -> bytes:
    """A PDF of an HTML document, which screen readers can read (PDF/UA).

    Args:
        html: a complete document with its styles; pictures are ``data:`` addresses. Any other
            address is not fetched, and the document is not made.
    """
    # Its libraries take time to load, and few processes print.
    import weasyprint
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(pdf_variant="pdf/ua-1")
    out = io.BytesIO()
    document.write_pdf(out)
    return out.getvalue()
