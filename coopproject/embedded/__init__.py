"""PostgreSQL and Valkey started from their wheels, for `make demo` and the tests (ADR 0010)."""
