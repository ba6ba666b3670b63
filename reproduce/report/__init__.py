"""Reports: a run and its records as view models, charts and pages."""
