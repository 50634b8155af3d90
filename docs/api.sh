# Shell functions of the tutorial and of the how-to pages. Source it after the tokens of the demo.

# get TOKEN PATH
get()   { curl -sS "$API$2" -H "Authorization: Bearer $1"; }

# post TOKEN PATH JSON [ETAG]
post()  { curl -sS -X POST "$API$2" -H "Authorization: Bearer $1" -H "Content-Type: application/json" \
               -H "Idempotency-Key: $(python3 -c 'import uuid; print(uuid.uuid4())')" -H "If-Match: ${4:-*}" -d "$3"; }

# patch TOKEN PATH JSON
patch() { curl -sS -X PATCH "$API$2" -H "Authorization: Bearer $1" -H "Content-Type: application/json" \
               -H "If-Match: *" -d "$3"; }

# … | show PATH...: the values at these paths, `results.0.id` being a path; a refusal is shown whole
show()  { python3 -c 'import json, sys
data = json.load(sys.stdin)
for path in sys.argv[1:]:
    value = data
    for key in path.split("."):
        try: value = value[int(key)] if key.isdigit() else value[key]
        except (LookupError, TypeError): sys.exit(f"no {path} in {data}")
    print(value)' "$@"; }

# … | why: the status, the code and the codes of each error of a refusal
why()   { python3 -c 'import json, sys
body = json.load(sys.stdin)
print(body["status"], body["code"], *sorted(error["code"] for error in body.get("errors", [])))'; }

# … | each FIELD...: the fields of each row, a row a line
each()  { python3 -c 'import json, sys
body = json.load(sys.stdin)
for row in body["results"] if "results" in body else body: print(*(row[field] for field in sys.argv[1:]))' "$@"; }

# day N: today, N days later
day()   { TZ=Europe/Paris python3 -c 'import datetime, sys; print(datetime.date.today() + datetime.timedelta(int(sys.argv[1])))' "$1"; }

# me TOKEN: the person behind it
me()    { get "$1" /users/me/ | show person.id; }

# organisation TOKEN: the member that this person acts for
organisation() { get "$1" "/roles/?person=$(me "$1")&fields=organisation" | show results.0.organisation; }
