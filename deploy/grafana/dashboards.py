#!/usr/bin/env python3
"""Writes the dashboards: overview.json, protocols.json, store.json, tenants.json, beside this file.

A dashboard is rows of panels here, so that a reader sees its queries rather than Grafana's braces. deploy/prometheus/check asks
each query of a Prometheus that scrapes two nodes, and fails if these files are not what this one writes."""

import json
import pathlib
import sys

WIDTH = 24
HEIGHT = 8
NODE = 'instance=~"$node"'


def rate(metric, labels="", by=""):
    inside = ", ".join(part for part in (NODE, labels) if part)
    return f"sum{f' by ({by})' if by else ''} (rate({metric}{{{inside}}}[$__rate_interval]))"


def of(metric, labels="", by=""):
    inside = ", ".join(part for part in (NODE, labels) if part)
    return f"sum{f' by ({by})' if by else ''} ({metric}{{{inside}}})"


def quantile(q, metric, labels="", by=""):
    return f"histogram_quantile({q}, {rate(metric + '_bucket', labels, ', '.join(filter(None, (by, 'le'))))})"


def mean(metric, by=""):
    return f"{rate(metric + '_sum', '', by)} / {rate(metric + '_count', '', by)}"


def graph(title, unit, *series, why="", stacked=False):
    return "timeseries", title, unit, series, why, stacked


def number(title, unit, query, why=""):
    return "stat", title, unit, [(query, "")], why, False


def table(title, unit, query, legend, why=""):
    return "bargauge", title, unit, [(query, legend)], why, False


# IDLE lasts as long as the client likes.
WORK = 'verb!="idle"'
OURS = 'outcome="failed"'
OUT = 'direction="out"'

DASHBOARDS = {
    "overview": ("Postrider: overview", [
        [
            number("Nodes up", "none", 'sum(up{job="postrider"})'),
            number("Connections", "none", of("postrider_connections")),
            number("Commands", "ops", rate("postrider_commands_seconds_count")),
            number("Failed by our fault", "percentunit",
                   f"({rate('postrider_commands_seconds_count', OURS)} or vector(0)) / {rate('postrider_commands_seconds_count')}",
                   "Answered NO [SERVERBUG] and the like."),
            number("Messages delivered", "ops", rate("postrider_tenant_deliveries_total")),
            number("Slowest of a hundred", "s", quantile(0.99, "postrider_commands_seconds", WORK)),
        ],
        [
            graph("Connections", "none", (of("postrider_connections", "", "instance"), "{{instance}}"), stacked=True),
            graph("Commands", "ops", (rate("postrider_commands_seconds_count", "", "protocol"), "{{protocol}}"), stacked=True),
            graph("Octets", "Bps", (rate("postrider_octets_total", "", "direction"), "{{direction}}")),
        ],
        [
            graph("CPU", "percentunit", (f"process_cpu_usage{{job=\"postrider\", {NODE}}}", "{{instance}}"), why="Of all the node's cores."),
            graph("Heap", "bytes", (of("jvm_memory_used_bytes", 'job="postrider", area="heap"', "instance"), "{{instance}}")),
            graph("Direct memory", "bytes", (f"postrider_direct_memory_bytes{{{NODE}}}", "{{instance}}"),
                  (f"postrider_direct_memory_max_bytes{{{NODE}}}", "{{instance}} at most")),
        ],
        [
            graph("Event loops late, slowest of a hundred", "s", (quantile(0.99, "postrider_event_loop_delay_seconds", "", "instance"), "{{instance}}"),
                  why="All clients of a loop wait as long."),
            graph("Garbage collection, time", "percentunit", (rate("jvm_gc_pause_seconds_sum", 'job="postrider"', "instance"), "{{instance}}")),
            graph("Threads of workers busy", "none", (of("vertx_pool_in_use", 'pool_type="worker"', "pool_name"), "{{pool_name}}"),
                  why="Passwords are worked out in postrider-passwords."),
        ],
        [
            graph("Open files", "none", (f"process_files_open_files{{job=\"postrider\", {NODE}}}", "{{instance}}")),
            graph("Running since", "s", (f"process_uptime_seconds{{job=\"postrider\", {NODE}}}", "{{instance}}")),
            table("Versions", "none", "count by (version, java) (postrider_build_info)", "{{version}} on Java {{java}}"),
        ],
    ]),
    "protocols": ("Postrider: protocols", [
        [
            graph("Connections by listener", "none", (of("postrider_connections", "", "listener"), "{{listener}}"), stacked=True),
            graph("Connections by state", "none", (of("postrider_connections", "", "protocol, state"), "{{protocol}} {{state}}"), stacked=True),
            graph("Connections by TLS", "none", (of("postrider_connections", "", "tls"), "TLS {{tls}}"), stacked=True),
        ],
        [
            graph("Connections accepted", "ops", (rate("postrider_connections_accepted_total", "", "listener"), "{{listener}}")),
            graph("Connections refused", "ops", (rate("postrider_connections_refused_total", "", "listener"), "{{listener}}"), why="At a bound: of the listener, or of one client address."),
            graph("TLS handshakes", "ops", (rate("postrider_tls_handshakes_total", "", "listener, outcome"), "{{listener}} {{outcome}}")),
        ],
        [
            graph("IMAP commands", "ops", (rate("postrider_commands_seconds_count", 'protocol="imap"', "verb"), "{{verb}}"), stacked=True),
            graph("POP3 commands", "ops", (rate("postrider_commands_seconds_count", 'protocol="pop3"', "verb"), "{{verb}}"), stacked=True),
            graph("LMTP commands", "ops", (rate("postrider_commands_seconds_count", 'protocol="lmtp"', "verb"), "{{verb}}"), stacked=True),
        ],
        [
            graph("Outcomes", "ops", (rate("postrider_commands_seconds_count", "", "protocol, outcome"), "{{protocol}} {{outcome}}")),
            graph("Half of the commands within", "s", (quantile(0.5, "postrider_commands_seconds", WORK, "protocol"), "{{protocol}}")),
            graph("99 of a hundred within", "s", (quantile(0.99, "postrider_commands_seconds", WORK, "protocol"), "{{protocol}}")),
        ],
        [
            graph("IMAP, time by verb", "percentunit", (rate("postrider_commands_seconds_sum", f'protocol="imap", {WORK}', "verb"), "{{verb}}"), why="1 is one command all the time."),
            graph("Slowest of late, by verb", "s", (f"max by (protocol, verb) (postrider_commands_seconds_max{{{NODE}, {WORK}}})", "{{protocol}} {{verb}}")),
            graph("Logins", "ops", (rate("postrider_logins_total", "", "mechanism, outcome"), "{{mechanism}} {{outcome}}")),
        ],
        [
            graph("Octets in", "Bps", (rate("postrider_octets_total", 'direction="in"', "listener"), "{{listener}}")),
            graph("Octets out", "Bps", (rate("postrider_octets_total", 'direction="out"', "listener"), "{{listener}}")),
        ],
    ]),
    "store": ("Postrider: store", [
        [
            graph("Statements", "ops", (f"topk(15, {rate('postrider_statements_seconds_count', '', 'name')})", "{{name}}"), stacked=True),
            graph("Where the time goes", "percentunit", (f"topk(15, {rate('postrider_statements_seconds_sum', '', 'name')})", "{{name}}"), stacked=True,
                  why="1 is one statement running all the time."),
            graph("99 of a hundred within", "s", (f"topk(15, {quantile(0.99, 'postrider_statements_seconds', '', 'name')})", "{{name}}")),
        ],
        [
            graph("Outcomes", "ops", (rate("postrider_statements_seconds_count", "", "outcome"), "{{outcome}}"), why="A conflict is tried again; a refusal is an answer to the client."),
            graph("Rows", "ops", (f"topk(15, {rate('postrider_statement_rows_total', '', 'name')})", "{{name}}")),
            graph("Messages in one append", "none", (mean("postrider_append_batch_messages", "instance"), "{{instance}}"), why="Appends to one mailbox share a commit."),
        ],
        [
            graph("Connections in use", "none", (of("postrider_database_pool_in_use", "", "instance"), "{{instance}}"), (of("postrider_database_pool_size", "", "instance"), "{{instance}} at most")),
            graph("Waiting for a connection", "none", (of("postrider_database_pool_waiting", "", "instance"), "{{instance}}")),
            graph("Wait for a connection, slowest of a hundred", "s", (quantile(0.99, "postrider_database_pool_wait_seconds", "", "instance"), "{{instance}}")),
        ],
        [
            graph("Statements on the pipelines", "none", (of("postrider_database_pipeline_in_flight", "", "instance"), "{{instance}}")),
            graph("Chunks of messages", "ops", (rate("postrider_chunks_total", "", "direction"), "{{direction}}")),
            graph("Sweeper", "ops", (rate("postrider_sweeper_runs_total", "", "outcome"), "{{outcome}}"), why="Removes what is expunged and no longer needed."),
            graph("Caches", "ops", (rate("postrider_cache_requests_total", "", "cache, outcome"), "{{cache}} {{outcome}}")),
        ],
        [
            graph("Hints between nodes", "ops", (rate("postrider_feed_hints_total", "", "direction"), "{{direction}}"), (rate("postrider_feed_hints_dropped_total"), "dropped")),
            graph("Feed late, slowest of a hundred", "s", (quantile(0.99, "postrider_feed_lag_seconds", "", "instance"), "{{instance}}"), why="From a commit on another node."),
            graph("Notifications", "ops", (rate("postrider_feed_notifications_total", "", "instance"), "{{instance}}"), why="NOTIFY carries some thousands a second."),
        ],
        [
            graph("Listening", "none", (f"postrider_feed_listening{{{NODE}}}", "{{instance}}"), why="0: changes of other nodes are found by sweeps alone."),
            graph("Sweeps for what was lost", "ops", (rate("postrider_feed_sweeps_total", "", "outcome"), "{{outcome}}"), (rate("postrider_feed_sweep_found_total"), "changes found")),
            graph("Mailboxes watched", "none", (of("postrider_feed_watched_mailboxes", "", "instance"), "{{instance}}"), (rate("postrider_feed_reconnects_total", "", "instance"), "{{instance}} reconnects/s")),
        ],
    ]),
    "tenants": ("Postrider: tenants", [
        [
            graph("Commands", "ops", (rate("postrider_tenant_commands_total", "", "tenant"), "{{tenant}}"), stacked=True,
                  why='The most active have names, all others together are "other".'),
            graph("Messages delivered", "ops", (rate("postrider_tenant_deliveries_total", "", "tenant"), "{{tenant}}"), stacked=True),
        ],
        [
            graph("Octets delivered", "Bps", (rate("postrider_tenant_delivered_octets_total", "", "tenant"), "{{tenant}}"), stacked=True),
            graph("Octets in", "Bps", (rate("postrider_tenant_octets_total", 'direction="in"', "tenant"), "{{tenant}}"), stacked=True),
            graph("Octets out", "Bps", (rate("postrider_tenant_octets_total", 'direction="out"', "tenant"), "{{tenant}}"), stacked=True),
        ],
        [
            table("Most commands", "ops", f"topk(10, {rate('postrider_tenant_commands_total', '', 'tenant')})", "{{tenant}}"),
            table("Most octets out", "Bps", f"topk(10, {rate('postrider_tenant_octets_total', OUT, 'tenant')})", "{{tenant}}"),
        ],
    ]),
}


def panel(number_, place, kind, title, unit, series, why, stacked):
    made = {
        "id": number_,
        "type": kind,
        "title": title,
        "gridPos": place,
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "targets": [{"refId": chr(ord("A") + i), "expr": query, "legendFormat": legend} for i, (query, legend) in enumerate(series)],
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
    }
    if why:
        made["description"] = why
    if kind == "timeseries":
        made["fieldConfig"]["defaults"]["custom"] = {
            "fillOpacity": 20 if stacked else 5,
            "stacking": {"mode": "normal" if stacked else "none"},
        }
        made["options"] = {"tooltip": {"mode": "multi", "sort": "desc"}, "legend": {"displayMode": "list", "placement": "bottom"}}
    else:
        made["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}}
    return made


def dashboard(name, title, rows):
    panels = []
    for y, row in enumerate(rows):
        width = WIDTH // len(row)
        for x, one in enumerate(row):
            height = HEIGHT // 2 if all(p[0] == "stat" for p in row) else HEIGHT
            place = {"x": x * width, "y": y * HEIGHT, "w": width, "h": height}
            panels.append(panel(len(panels) + 1, place, *one))
    return {
        "uid": f"postrider-{name}",
        "title": title,
        "tags": ["postrider"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "links": [{"type": "dashboards", "tags": ["postrider"], "title": "Postrider", "asDropdown": True, "keepTime": True}],
        "templating": {"list": [
            {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Data source"},
            {"name": "node", "type": "query", "label": "Node", "datasource": {"type": "prometheus", "uid": "${datasource}"},
             "query": {"query": 'label_values(up{job="postrider"}, instance)', "refId": "node"},
             "definition": 'label_values(up{job="postrider"}, instance)',
             "refresh": 2, "includeAll": True, "multi": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"}},
        ]},
        "panels": panels,
    }


def main(check):
    here = pathlib.Path(__file__).parent
    for name, (title, rows) in DASHBOARDS.items():
        text = json.dumps(dashboard(name, title, rows), indent=2) + "\n"
        file = here / f"{name}.json"
        if not check:
            file.write_text(text)
        elif file.read_text() != text:
            sys.exit(f"{file} is not what dashboards.py writes: run it")


if __name__ == "__main__":
    main("--check" in sys.argv)
