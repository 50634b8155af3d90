"""How gunicorn logs: one JSON object per request, with the id that ties it to the application's own lines.

Read by `gunicorn --config python:coopproject.gunicorn_conf`. No query string, which may name people; gunicorn escapes
the quotes inside the values.
"""

accesslog = "-"
access_log_format = (
    '{"at": "%(t)s", "logger": "access", "method": "%(m)s", "path": "%(U)s", "status": %(s)s,'
    ' "milliseconds": %(M)s, "remote": "%(h)s", "agent": "%(a)s", "request_id": "%({x-request-id}o)s"}'
)
