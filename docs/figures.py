#!/usr/bin/env python3
"""Recomputes a Tousu server's public index from its logs, and names each difference:

    python3 figures.py https://t.example trust.txt [trust-1.txt ...] [30|90|365]

A trust policy for each log: one names a public key but once, and the logs of a site share theirs. Written from docs/figures.md and docs/log.md, and from nothing else; it reads notes and leaves with verifier.py, which lies beside it. Python 3.11,
standard library only. Exit 0 if every figure follows from the leaves, 1 if one does not, 2 where nothing could be read.
"""
import json, math, sys, time, urllib.request
from verifier import (Bad, checkpoint_signature, need, read_checkpoint, read_leaf, read_note, read_policy, root_of, sha256,
                      tile_path, witnesses)

DAY, HOUR, MINIMUM = 86_400_000, 3_600_000, 20
ENDS = {"closed_confirmed", "closed_ruled", "closed_lapsed", "closed_withdrawn", "refused"}


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


class Log:
    """A signed tree and its leaves. Has what `witnesses` and `checkpoint_signature` read of a receipt."""

    def __init__(self, url, size, policy):
        for tries in range(8):
            self.note = read_note(fetch(f"{url}/checkpoint").decode())
            self.log, self.size, self.root = read_checkpoint(self.note[0])
            if self.size >= size:
                break
            time.sleep(1)
        need(self.size >= size, f"the figures are of {size} leaves, and {self.size} are signed")
        checkpoint_signature(self, policy)
        witnesses(self, policy)
        self.leaves = []
        for n in range((self.size + 255) // 256):
            width = min(256, self.size - n * 256)
            bundle = fetch(f"{url}/tile/entries/{tile_path(n, width)}")
            for _ in range(width):
                end = 2 + int.from_bytes(bundle[:2], "big")
                need(2 <= len(bundle) and end <= len(bundle), f"bundle {n} is cut short")
                self.leaves.append(bundle[2:end])
                bundle = bundle[end:]
        need(root_of([sha256(b"\0" + data) for data in self.leaves]) == self.root, "its leaves are not those signed")


def bucket(ms):
    return ms // HOUR if ms < 48 * HOUR else 46 + ms // DAY


def party(leaf):
    if leaf["rule"] == "times.fulfilment_after_shipment":
        return "courier"
    return "platform" if leaf["holder"] == "supervisor" else leaf["holder"]


def add(counts, name, n=1):
    counts[name] = counts.get(name, 0) + n


def counts_of(chain):
    """All counts of one complaint, from its leaves in order (docs/figures.md, "One complaint")."""
    counts, first, turns, ended = {}, chain[0], [], None
    add(counts, "opened")
    stays, state, holder = True, None, None
    for leaf in chain:
        p, kind, on = leaf["p"], leaf["kind"], leaf["on"]
        if stays and state is not None:
            if leaf["by"] == "merchant" and kind in ("merchant_responded", "fulfilled"):
                add(counts, f"answer.{bucket(on - first['on'])}")
            if kind == "deadline_missed":
                add(counts, "unanswered")
        if kind == "deadline_missed":
            add(counts, "missed." + ("platform" if p["party"] == "supervisor" else p["party"]))
        if kind == "evidence_absent":
            add(counts, f"absent.{p['party']}")
        moved = (leaf["state"], leaf["holder"]) != (state, holder)
        answers = leaf["by"] == "merchant" and kind in ("merchant_responded", "fulfilled", "evidence_supplied") and moved
        if holder in ("merchant", "both") and (answers or kind == "confirmed"):
            add(counts, "kept")
        if (kind == "ruled" and not p["enforcement"]) or (kind == "appeal_ruled" and "granted" not in p):
            add(counts, f"ruled.{p['outcome']}")
        if kind in ("escalated", "appealed", "reopened"):
            add(counts, kind)
        if kind == "rated":
            own = "own" if leaf["state"] in ("closed_confirmed", "closed_withdrawn") else "other"
            add(counts, f"score.{own}.{p['score']}")
        if kind == "followed_up":
            own = "own" if leaf["state"] in ("closed_confirmed", "closed_withdrawn") else "other"
            add(counts, f"solved.{own}.{'yes' if p['solved'] else 'no'}")
        if leaf["state"] in ENDS and leaf["state"] != state:
            ended = on
            add(counts, "endings")
        stays = stays and leaf["state"] == first["state"]
        state, holder = leaf["state"], leaf["holder"]
        if not turns or turns[-1][0] != party(leaf):
            turns.append((party(leaf), on))
    for (who, begun), (_, over) in zip(turns, turns[1:]):
        seconds = over // 1000 - begun // 1000
        if who == "both":
            add(counts, "seconds.buyer", seconds // 2)
            add(counts, "seconds.merchant", seconds - seconds // 2)
        elif who is not None:
            add(counts, f"seconds.{who}", seconds)
    last = chain[-1]
    add(counts, state if state in ENDS else "open")
    if state in ENDS:
        add(counts, f"handling.{bucket(ended - first['on'])}")
    add(counts, "overdue", int(last["due"] is not None and last["due"] <= last["on"] and not last["p"].get("lapses")))
    return counts


def total(rows):
    counts = {}
    for row in rows:
        for name, n in row.items():
            add(counts, name, n)
    return counts


def rounded(x):
    return math.floor(x * 10_000 + 0.5) / 10_000


def share(hits, cases):
    if cases == 0:
        return None
    p, zz = hits / cases, (1.96 * 1.96) / cases
    middle = (p + zz / 2) / (1 + zz)
    half = (1.96 * math.sqrt((p * (1 - p)) / cases + zz / (4 * cases))) / (1 + zz)
    low, high = rounded(max(0, middle - half)), rounded(min(1, middle + half))
    return {"cases": cases, "share": rounded(p), "low": low, "high": high}


def median(buckets, never):
    rank, seen = (sum(buckets.values()) + never + 1) // 2, 0
    for each in sorted(buckets):
        seen += buckets[each]
        if rank and seen >= rank:
            return each if each < 48 else (each - 46) * 24
    return None


def rating(counts, whose):
    given = {n: counts.get(f"score.{whose}.{n}", 0) for n in range(1, 6)}
    cases = sum(given.values())
    return {"cases": cases, "mean": rounded(sum(n * c for n, c in given.items()) / cases) if cases else None}


def solved(counts, whose):
    yes, no = counts.get(f"solved.{whose}.yes", 0), counts.get(f"solved.{whose}.no", 0)
    return share(yes, yes + no)


def record(counts):
    of = lambda name: counts.get(name, 0)
    buckets = lambda prefix: {int(k[len(prefix):]): n for k, n in counts.items() if k.startswith(prefix) and n}
    group = lambda prefix, names: {name: of(prefix + name) for name in names}
    answers, own, other = buckets("answer."), rating(counts, "own"), rating(counts, "other")
    in_time = sum(answers.values())
    return {
        **group("", ["opened", "open", "overdue"]),
        "answered": share(in_time, in_time + of("unanswered")),
        "answerHours": median(answers, of("unanswered")),
        "handlingHours": median(buckets("handling."), 0),
        "ended": {**group("closed_", ["confirmed", "ruled", "lapsed", "withdrawn"]), "refused": of("refused")},
        "rulings": group("ruled.", ["for_buyer", "partly", "for_merchant"]),
        "missed": group("missed.", ["buyer", "merchant", "platform"]),
        "deadlines": {"kept": of("kept"), "missed": of("missed.merchant") + of("absent.merchant") + of("absent.both")},
        **group("", ["escalated", "appealed", "reopened"]),
        "satisfaction": {"own": own, "other": other, "response": share(own["cases"] + other["cases"], of("endings"))},
        "solved": {whose: solved(counts, whose) for whose in ("own", "other")},
        "seconds": group("seconds.", ["buyer", "merchant", "platform", "courier"]),
    }


def comparison(merchant, platform):
    if merchant["opened"] < MINIMUM or not merchant["answered"] or not platform["answered"]:
        return "few"
    if merchant["answered"]["low"] > platform["answered"]["share"]:
        return "better"
    return "worse" if merchant["answered"]["high"] < platform["answered"]["share"] else "same"


def index_of(chains, period, until):
    start = until - period + 1
    counted = []
    for chain in chains:
        day = (chain[0]["on"] + 8 * HOUR) // DAY
        if day <= until:
            counted.append((day, chain[0]["p"]["category"], chain[0]["p"].get("m"), counts_of(chain)))
    old = total(counts for day, _, _, counts in counted if day < start)
    inside = [each for each in counted if each[0] >= start]
    platform = record(total(each[3] for each in inside))
    length, end, trend = -(-period // 12), until, []
    while end >= start:
        begin = max(end - length + 1, start)
        rows = total(counts for day, _, _, counts in inside if begin <= day <= end)
        trend.insert(0, {"from": begin, "until": end, **record(rows)})
        end -= length
    grouped = lambda place: {key: record(total(e[3] for e in inside if e[place] == key)) for key in {e[place] for e in inside}}
    by_merchant = {}
    for _, _, m, counts in inside:
        if m is not None:
            by_merchant.setdefault(m, []).append(counts)
    merchants = {m: record(total(rows)) for m, rows in by_merchant.items()}
    return {
        "v": 1, "period": period, "from": start, "until": until, "minimum": MINIMUM, "platform": platform,
        "older": {"open": old.get("open", 0), "overdue": old.get("overdue", 0)},
        "categories": grouped(1),
        "trend": trend,
        "merchants": {m: {"m": m, "comparison": comparison(each, platform), **each} for m, each in merchants.items()},
    }


def differences(ours, theirs, path=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in {**ours, **theirs}:
            if name not in ("logs", "whole", "name"):
                yield from differences(ours.get(name), theirs.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(a, b, f"{path}.{place}")
    elif ours != theirs:
        yield f"{path}: {json.dumps(ours)} by the log, {json.dumps(theirs)[:80]} on the server"


def main(arguments):
    period = int(arguments.pop()) if arguments and arguments[-1] in ("30", "90", "365") else 90
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    site, *files = arguments
    try:
        site, policies = site.rstrip("/"), []
        for file in files:
            with open(file, encoding="utf-8", newline="") as opened:
                policies.append(read_policy(opened.read()))
        said = json.loads(fetch(f"{site}/index.json?period={period}"))
        chains, leaves = {}, 0
        for log in said["logs"]:
            naming = [policy for policy in policies if any(key[0] == log["origin"] for key in policy[0])]
            tree = Log(site + log["path"], log["size"], (naming or policies)[0])
            need(tree.log == log["origin"], "a log of another name")
            for leaf in map(read_leaf, tree.leaves[: log["size"]]):
                if leaf["c"] is not None:
                    chains.setdefault((tree.log, leaf["c"]), []).append(leaf)
            leaves += log["size"]
    except Bad as error:
        print(f"✗ log: {error}")
        return 1
    except (OSError, ValueError, KeyError) as error:
        print(f"{site}: {type(error).__name__}", file=sys.stderr)
        return 2
    said["merchants"] = {each["m"]: each for each in said["merchants"]}
    wrong = list(differences(index_of(chains.values(), period, said["until"]), said))
    for line in wrong:
        print(f"✗ {line}")
    print(f"{'✗' if wrong else '✓'} figures: {len(wrong)} differ, of {leaves} leaves and {len(chains)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
