"""Reports: a run and its records as view models, charts and pages."""

from reproduce.report.build import build_view
from reproduce.report.files import report_path, write
from reproduce.report.render import to_html, to_json, to_markdown
from reproduce.report.view import ReportView

__all__ = [
    "ReportView",
    "build_view",
    "report_path",
    "to_html",
    "to_json",
    "to_markdown",
    "write",
]
