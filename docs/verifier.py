#!/usr/bin/env python3
"""Verifies Tousu receipts and logs, offline but for a LOG that is a URL (https://.../log/0); a LOG may be a mirror's folder:

    python3 verifier.py receipt.json trust.txt                  a receipt (docs/log.md section 8)
    python3 verifier.py receipt.json trust.txt policy.json      and that its states and due instants follow (docs/fold.md)
    python3 verifier.py receipt.json trust.txt --log LOG        and that it is all that the log has of the complaint now
    python3 verifier.py --promise promise.txt trust.txt LOG     the promise of a submission (section 6), in the log
    python3 verifier.py --certificate FILE trust.txt LOG        the certificate of a missed deadline, likewise
    python3 verifier.py --log LOG trust.txt                     a whole log
    python3 verifier.py --fold vectors/*.json                   leaves whose four fields are recomputed

Written from docs/log.md, docs/fold.md and the specifications that they name, and from nothing else, so that the other
verifier can be checked by this one. Python 3.11, standard library only. One line a check; exit 0 if all hold, else 1.
"""
import base64, hashlib, json, re, sys, time, urllib.error, urllib.request
from datetime import datetime
from urllib.parse import unquote


class Bad(Exception):
    """What is wrong, in words that never quote the receipt."""


def need(condition, problem):
    if not condition:
        raise Bad(problem)


# --- Ed25519 (RFC 8032 section 5.1), verification alone. Slow, and good enough for a handful of signatures.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    y, sign = y & (2**255 - 1), y >> 255
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, p):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, p)
        p, n = add(p, p), n >> 1
    return total


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    p, q = times(s, BASE), add(r, times(h, a))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


# --- ECDSA on P-256 (FIPS 186-5), which signs what a buyer's device does; merchants and the platform may sign with Ed25519.
P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B256 = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G256 = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def add256(p, q):
    """Of affine points; None is the point at infinity."""
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % P256 == 0:
        return None
    slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, P256) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, P256)
    x = (slope * slope - p[0] - q[0]) % P256
    return x, (slope * (p[0] - x) - p[1]) % P256


def times256(n, p):
    total = None
    while n:
        if n & 1:
            total = add256(total, p)
        p, n = add256(p, p), n >> 1
    return total


def signed256(x, y, message, signature):
    if not len(x) == len(y) == 32 or len(signature) != 64:
        return False
    point, r, s = tuple(int.from_bytes(each, "big") for each in (x, y)), *(
        int.from_bytes(each, "big") for each in (signature[:32], signature[32:]))
    on_curve = max(point) < P256 and (point[1] ** 2 - point[0] ** 3 + 3 * point[0] - B256) % P256 == 0
    if not on_curve or not (0 < r < N256 and 0 < s < N256):
        return False
    e, w = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, N256)
    found = add256(times256(e * w % N256, G256), times256(r * w % N256, point))
    return found is not None and found[0] % N256 == r


# --- Encodings: each value has one spelling.
def b64(text, url=False):
    need(isinstance(text, str), "not a string")
    try:
        if url:
            data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        else:
            data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Bad("not base64")
    need(to_url(data) == text if url else base64.b64encode(data).decode() == text, "base64 of another spelling")
    return data


def to_url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def sha256(data):
    return hashlib.sha256(data).digest()


def count(text):
    need(re.fullmatch(r"0|[1-9][0-9]{0,15}", text, re.ASCII) and int(text) < 2**53, "not a size or index")
    return int(text)


def is_count(value):
    return type(value) is int and 0 <= value < 2**53


# --- Tree (RFC 9162 section 2.1.3.2).
def included(index, size, leaf, proof, root):
    if index >= size:
        return False
    node, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = sha256(b"\1" + other + found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b"\1" + found + other)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


# Section 2.1.4.2.
def continues(size1, size2, root1, root2, proof):
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not proof and root1 == root2
    node, last = size1 - 1, size2 - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    proof = proof if node else [root1, *proof]
    if not proof:
        return False
    old = new = proof[0]
    for other in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = sha256(b"\1" + other + old), sha256(b"\1" + other + new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = sha256(b"\1" + new + other)
        node, last = node >> 1, last >> 1
    return last == 0 and (old, new) == (root1, root2)


# --- Leaf (docs/log.md section 2).
NAMES = set("v c seq prev at on kind by auto who state holder due rule policy p d".split())
PLAIN = re.compile(r"[ !#-\[\]-~]*")
NAME = re.compile(r"[a-z][A-Za-z0-9]*")


def text(value):
    return isinstance(value, str) and PLAIN.fullmatch(value) is not None


def member(value):
    if isinstance(value, dict):
        return all(NAME.fullmatch(name) and member(each) for name, each in value.items())
    return value is None or isinstance(value, bool) or text(value) or is_count(value)


def read_leaf(data):
    need(len(data) <= 4096, "leaf: more than 4096 bytes")
    try:
        leaf = json.loads(data.decode("ascii"))
    except (ValueError, RecursionError):
        raise Bad("leaf: not JSON")
    need(isinstance(leaf, dict) and set(leaf) == NAMES and member(leaf), "leaf: not the names and values of a leaf")
    canonical = json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode()
    need(canonical == data, "leaf: not in its canonical form")
    need(type(leaf["v"]) is int and leaf["v"] == 1 and isinstance(leaf["auto"], bool), "leaf: v or auto")
    need(all(is_count(leaf[name]) for name in ("seq", "at", "on")), "leaf: not an integer")
    need(all(text(leaf[name]) for name in ("kind", "by")), "leaf: not a string")
    nullable = ("c", "prev", "who", "state", "holder", "rule", "policy")
    need(all(leaf[name] is None or text(leaf[name]) for name in nullable), "leaf: neither string nor null")
    need(leaf["due"] is None or is_count(leaf["due"]), "leaf: due")
    need(isinstance(leaf["p"], dict) and isinstance(leaf["d"], dict), "leaf: p or d is no object")
    need(all(text(digest) for digest in leaf["d"].values()), "leaf: a digest that is no string")
    need(leaf["on"] <= leaf["at"], "leaf: on later than at")
    return leaf


# --- Keys, notes, checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).
def read_vkey(spelled, kind):
    found = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(.+)", spelled)
    need(found, "not a verifier key")
    name, key_id, data = found[1], found[2], b64(found[3])
    need(len(data) == 33 and data[0] == kind, "a key of another type")
    need(sha256(name.encode() + b"\n" + data)[:4].hex() == key_id, "a key under the id of another")
    return name, key_id, data[1:]


def of_unknown_type(spelled):
    """A key of a type that is not read here (ML-DSA-44, 0x06): its line is skipped, and counts for nothing."""
    found = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(.+)", spelled)
    return bool(found) and b64(found[3])[:1] not in (b"\1", b"\4")


def read_note(note):
    body, blank, lines = note.rpartition("\n\n")
    need(blank and lines.endswith("\n"), "not a signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        found = re.fullmatch("— ([^ +]+) ([^ ]+)", line)
        need(found, "a line that is no signature")
        data = b64(found[2])
        need(len(data) > 4, "a signature without bytes")
        signatures.append((found[1], data[:4].hex(), data[4:]))
    return body + "\n", signatures


def read_checkpoint(body):
    lines = body[:-1].split("\n")
    need(len(lines) >= 3 and "" not in lines, "not a checkpoint")
    root = b64(lines[2])
    need(len(root) == 32, "a root that is not 32 bytes")
    return lines[0], count(lines[1]), root


def signers(note, keys, check):
    """The known keys that signed; one bad signature of a known key rejects the note."""
    body, signatures = note
    found = []
    for name, key_id, data in signatures:
        for key in keys:
            if key[:2] == (name, key_id):
                need(check(key[2], body.encode(), data), "a bad signature of a known key")
                found.append(key)
    return found


def cosigned(public, body, data):
    if len(data) != 72:
        return False
    seconds = int.from_bytes(data[:8], "big")
    return signed(public, b"cosignature/v1\ntime %d\n" % seconds + body, data[8:])


# --- Trust policy (C2SP tlog-policy).
def read_policy(source):
    logs, witnesses, groups, quorum, members = [], {}, {}, None, set()
    for number, line in enumerate(source.split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        try:
            what, rest = words[0], words[1:]
            if what == "log" and 1 <= len(rest) <= 2 and of_unknown_type(rest[0]):
                continue
            if what == "log" and 1 <= len(rest) <= 2:
                key = read_vkey(rest[0], 1)
                need(all(key[2] != other[2] for other in logs), "a key that stands above already")
                logs.append(key)
            elif what == "witness" and 2 <= len(rest) <= 3:
                key = None if of_unknown_type(rest[1]) else read_vkey(rest[1], 4)
                same = [other for other in witnesses.values() if key and other and other[2] == key[2]]
                need(not same, "a key that stands above already")
                need(rest[0] not in {"none", *witnesses, *groups}, "a name that is taken")
                witnesses[rest[0]] = key
            elif what == "group" and len(rest) >= 3:
                name, k, *names = rest
                need(name not in {"none", *witnesses, *groups}, "a name that is taken")
                need(all(each in witnesses or each in groups for each in names), "a member not defined above")
                need(len(set(names)) == len(names) and not members & set(names), "a member that has a group already")
                threshold = len(names) if k == "all" else 1 if k == "any" else count(k)
                need(1 <= threshold <= len(names), "a threshold that cannot be")
                members |= set(names)
                groups[name] = (threshold, names)
            elif what == "quorum" and len(rest) == 1 and quorum is None:
                need(rest[0] in {"none", *witnesses, *groups}, "a quorum not defined above")
                quorum = rest[0]
            else:
                raise Bad("not a line of a policy")
        except Bad as error:
            raise Bad(f"line {number}: {error}")
    need(quorum is not None, "no quorum line")
    return logs, witnesses, groups, quorum


# --- Receipt (docs/log.md sections 3, 4, 6, 7).
def strings(value):
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def read_evidence(entry):
    need(isinstance(entry, dict) and isinstance(entry.get("proof"), str), "not a leaf with its proof")
    data = b64(entry.get("leaf"))
    head, blank, checkpoint = entry["proof"].partition("\n\n")
    lines = head.split("\n")
    need(blank and lines.pop(0) == "c2sp.org/tlog-proof@v1", "not a tlog-proof")
    if lines and lines[0].startswith("extra "):
        b64(lines.pop(0)[6:])
    need(lines and lines[0].startswith("index "), "a proof without an index")
    proof = [b64(line) for line in lines[1:]]
    need(len(proof) <= 63 and all(len(each) == 32 for each in proof), "a proof of other hashes")
    return {"leaf": read_leaf(data), "data": data, "hash": sha256(b"\0" + data), "index": count(lines[0][6:]), "proof": proof,
            "checkpoint": checkpoint}


def read_disclosure(spelled):
    try:
        parts = json.loads(b64(spelled, url=True).decode())
    except ValueError:
        raise Bad("a disclosure that is no JSON")
    good = isinstance(parts, list) and len(parts) == 3 and all(isinstance(each, str) for each in parts[:2])
    need(good and re.fullmatch(r"[A-Za-z0-9_-]{22,}", parts[0]), "a disclosure that is not [salt, name, value]")
    return parts[1], parts[2]


CLAIMS = {"iat": int, "c": str, "origin": str, "size": int, "root": str, "head_seq": int, "head_leaf": str}


def read_jws(jws, wanted):
    need(isinstance(jws, str) and jws.count(".") == 2, "no JWS")
    header, payload, signature = jws.split(".")
    try:
        head, claims = json.loads(b64(header, url=True)), json.loads(b64(payload, url=True))
    except ValueError:
        raise Bad("a JWS that is no JSON")
    need(isinstance(head, dict) and head.get("alg") == "Ed25519" and "crit" not in head, "not alg Ed25519")
    need(isinstance(claims, dict) and set(claims) == set(wanted), "not the claims that there should be")
    for name, kind in wanted.items():
        need(type(claims[name]) is kind and (kind is str or is_count(claims[name])), "a claim of another type")
    return head.get("kid"), claims, f"{header}.{payload}".encode(), b64(signature, url=True)


def read_statement(jws):
    kid, claims, signing_input, signature = read_jws(jws, CLAIMS)
    need(len(b64(claims["root"], url=True)) == 32 == len(b64(claims["head_leaf"], url=True)), "a claim that is no hash")
    return kid, claims, signing_input, signature


MISSED = {"party": str, "due": int}


def read_promise(jws):
    """A promise, or the certificate of a missed deadline: the same, with what the leaf says."""
    wanted = {"iat": int, "origin": str, "leaf": str, "by": int}
    try:
        kid, claims, signing_input, signature = read_jws(jws, wanted)
    except Bad:
        kid, claims, signing_input, signature = read_jws(jws, {**wanted, **MISSED})
    need(len(b64(claims["leaf"], url=True)) == 32 and claims["by"] >= claims["iat"], "not what a promise says")
    return kid, claims, signing_input, signature


def statement_key(leaf):
    """kid and x that this leaf introduces, or None."""
    if leaf["c"] is not None:
        return None
    p = leaf["p"]
    if leaf["kind"] == "log_opened":
        keys = p.get("keys")
        named = keys.get("statement") if isinstance(keys, dict) else None
    else:
        named = p if leaf["kind"] == "key_added" and p.get("use") == "statement" else None
    if not isinstance(named, dict) or not isinstance(named.get("x"), str):
        return None
    thumbprint = to_url(sha256(('{"crv":"Ed25519","kty":"OKP","x":"%s"}' % named["x"]).encode()))
    return (thumbprint, named["x"]) if named.get("kid") == thumbprint else None


class Receipt:
    def __init__(self, value):
        need(isinstance(value, dict) and type(value.get("v")) is int and value["v"] == 1, "not a receipt of version 1")
        complaint = value.get("complaint")
        need(isinstance(complaint, dict) and isinstance(value.get("origin"), str), "no complaint or origin")
        self.origin, self.id, self.c = value["origin"], complaint.get("id"), complaint.get("c")
        need(isinstance(self.id, str) and isinstance(self.c, str), "no complaint")
        need(isinstance(value.get("steps"), list) and isinstance(value.get("keys"), list), "no steps or keys")
        self.steps = []
        for step in value["steps"]:
            evidence = read_evidence(step)
            need(strings(step.get("disclosures")), "disclosures that are none")
            self.steps.append(evidence | {"seq": step.get("seq"), "disclosures": step["disclosures"]})
        self.keys = [read_evidence(key) for key in value["keys"]]
        self.timestamps = value.get("timestamps", [])
        good = isinstance(self.timestamps, list) and all(
            isinstance(each, dict) and strings([each.get("checkpoint"), each.get("reply")]) and strings(each.get("consistency"))
            for each in self.timestamps)
        need(good, "time stamps that are none")
        need(isinstance(value.get("rules", []), list), "rules that are none")
        self.rules = [read_evidence(rule) | {"document": rule.get("document")} for rule in value.get("rules", [])]
        need(self.steps, "no steps")
        self.note = read_note(self.steps[0]["checkpoint"])
        self.log, self.size, self.root = read_checkpoint(self.note[0])
        self.kid, self.claims, self.signing_input, self.signature = read_statement(value.get("statement"))


# --- The checks (docs/log.md section 8), one function each, under the names that stand there.
def checkpoint_signature(r, policy):
    found = signers(r.note, [key for key in policy[0] if key[0] == r.log], signed)
    need(found, "no log of the policy signed the checkpoint")
    return f"signed by key {found[0][1]}"


def one_checkpoint(r, _):
    need(len({each["checkpoint"] for each in r.steps + r.keys + r.rules}) == 1, "the proofs end in different checkpoints")
    return "all proofs end in the same checkpoint"


def succession(leaf, index, before):
    """`continues` of a log_opened behind leaf 0: every leaf of the log before that is not here is counted (section 4)."""
    declared = leaf["p"].get("continues")
    good = isinstance(declared, dict) and set(declared) == {"origin", "size", "root", "kept", "lost"}
    good = good and all(is_count(declared[name]) for name in ("size", "kept", "lost"))
    need(good and (declared["root"] is None or text(declared["root"])), "log_opened is leaf 0, or continues a log")
    need(declared["origin"] == before != leaf["p"].get("origin"), "continues another log than this one")
    adds_up = index + declared["lost"] == declared["size"] and 0 < declared["lost"] and declared["kept"] <= index
    need(adds_up, "its numbers of leaves do not add up")
    return declared


def openings(keys):
    found = [key for key in keys if key["leaf"]["c"] is None and key["leaf"]["kind"] == "log_opened"]
    return sorted(found, key=lambda each: each["index"])


def origin_at(r, index):
    """The log's name when this leaf was appended: authors signed under it."""
    for key in openings(r.keys):
        if index < key["index"] and key["index"] > 0:
            return key["leaf"]["p"]["continues"]["origin"]
    return r.origin


def origin(r, _):
    need(r.origin == r.log == r.claims["origin"], "receipt, checkpoint and statement name different logs")
    name, lost = None, 0
    for key in openings(r.keys):
        leaf, index = key["leaf"], key["index"]
        if index > 0:
            declared = leaf["p"].get("continues")
            name = name or (declared.get("origin") if isinstance(declared, dict) else None)
            lost += succession(leaf, index, name)["lost"]
        name = leaf["p"].get("origin")
    need(name in (None, r.origin), "the log was opened under another origin")
    return "receipt, checkpoint and statement name one log" + (f", which declares {lost} leaves lost" if lost else "")


def witnesses(r, policy):
    _, known, groups, quorum = policy
    keys = signers(r.note, [key for key in known.values() if key], cosigned)
    have = {name for name, key in known.items() if key in keys}
    names = ", ".join(sorted(have)) or "nobody"
    for name, (threshold, members) in groups.items():
        if len(have & set(members)) >= threshold:
            have.add(name)
    need(quorum == "none" or quorum in have, f"the quorum is not met: cosigned by {names}")
    return f"the policy asks for none: cosigned by {names}" if quorum == "none" else f"cosigned by {names}"


def inclusion(r, _):
    for step in r.steps:
        held = included(step["index"], r.size, step["hash"], step["proof"], r.root)
        need(held, f"step {step['leaf']['seq']} is not in the tree")
    return f"{len(r.steps)} steps are in the tree of {r.size} leaves"


def key_inclusion(r, _):
    need(r.keys, "no leaf that introduces a key")
    for key in r.keys:
        need(included(key["index"], r.size, key["hash"], key["proof"], r.root), "a key leaf is not in the tree")
    return "the leaf that introduces the key is in the tree"


def introduction(r):
    for key in r.keys:
        found = statement_key(key["leaf"])
        if found and found[0] == r.kid:
            return key, found[1]
    raise Bad("no key leaf introduces the statement's key")


def statement_key_check(r, _):
    key, _ = introduction(r)
    leaf = key["leaf"]
    first = key["index"] == 0 and leaf["seq"] == 0 and leaf["prev"] is None and "continues" not in leaf["p"]
    # One that continues a log was judged with the origin.
    need(leaf["kind"] != "log_opened" or key["index"] > 0 or first, "a log_opened that is not leaf 0")
    return f"introduced by leaf {key['index']} of the log's own chain"


def statement_signature(r, _):
    need(signed(b64(introduction(r)[1], url=True), r.signing_input, r.signature), "its signature is wrong")
    return "signed by the key that the log introduced"


def statement_tree(r, _):
    same = r.claims["size"] == r.size and r.claims["root"] == to_url(r.root)
    need(same, "the statement is about another tree")
    return "the statement is about the tree of the checkpoint"


def chain(r, _):
    last = None
    for n, step in enumerate(r.steps):
        leaf = step["leaf"]
        need(type(step["seq"]) is int and step["seq"] == leaf["seq"] == n, f"step {n} stands under another number")
        need(leaf["c"] == r.c, "a step of another complaint")
        need(leaf["prev"] == (to_url(last["hash"]) if last else None), f"step {n} does not name the one before")
        need(last is None or step["index"] > last["index"], f"step {n} stands before the one before it")
        last = step
    return f"steps 0 to {len(r.steps) - 1} follow each other without a gap"


def times_check(r, _):
    before = 0
    for each in sorted(r.steps + r.keys + r.rules, key=lambda each: each["index"]):
        leaf = each["leaf"]
        need(leaf["at"] >= before, f"leaf {each['index']} is dated before one in front of it")
        need(leaf["at"] <= r.claims["iat"], f"leaf {each['index']} is dated after the statement")
        before = leaf["at"]
    return "no leaf is dated before the one before it, or after the statement"


def disclosures(r, _):
    shown = 0
    for step in r.steps:
        seen = set()
        for spelled in step["disclosures"]:
            name, _ = read_disclosure(spelled)
            digest = to_url(sha256(spelled.encode()))
            good = step["leaf"]["d"].get(name) == digest
            need(good, f"step {step['seq']} has a disclosure that its leaf does not hold")
            need(name not in seen, f"step {step['seq']} discloses a field twice")
            seen.add(name)
        shown += len(seen)
    return f"{shown} disclosures match the digests in their leaves"


def complaint_id(r, _):
    shown = dict(read_disclosure(each) for each in r.steps[0]["disclosures"])
    need("id" in shown, "step 0 does not disclose the id")
    need(shown["id"] == r.id, "step 0 discloses another id")
    m, merchant = r.steps[0]["leaf"]["p"].get("m"), shown.get("merchantId")
    if m is not None and isinstance(merchant, str):
        tag = to_url(sha256(b"tousu merchant\0" + merchant.encode())[:12])
        need(m == tag, "step 0 counts for another merchant than it discloses")
    return "step 0 commits to the id of the complaint"


# Signatures of authors (docs/log.md section 11).
ACTS = {
    "submitted": "submit",
    "offer_accepted": "offer-acceptance", "offer_refused": "offer-refusal", "escalated": "escalation",
    "disputed": "dispute", "appealed": "appeal", "reopened": "reopening", "return_shipped": "return-shipment",
    "confirmed": "confirmation", "human_requested": "human-request", "withdrawn": "withdrawal", "rated": "rating",
    "followed_up": "follow-up",
    "conduct_reported": "conduct-report", "redaction_requested": "redaction-request", "link_shared": "share-links",
    "evidence_supplied": "evidence", "message_added": "messages", "nudged": "nudges", "key_bound": "device-keys",
    "key_retired": "device-key-retirements",
}
PARTY_ACTS = {
    "merchant_responded": "responses", "automated_reply": "responses", "fulfilled": "fulfilment",
    "return_received": "return-receipt", "return_disputed": "return-disputes", "appealed": "appeals",
    "deadline_extended": "extensions", "interim_reported": "interim-reports", "evidence_supplied": "evidence",
    "message_added": "messages", "officer_assigned": "assignment", "handoff_offered": "handoffs",
    "handoff_accepted": "handoff-acceptance", "evidence_requested": "evidence-requests", "ruled": "rulings",
    "appeal_ruled": "rulings", "refused": "refusal", "redacted": "redactions", "redaction_requested": "redactions",
    "redaction_refused": "redaction-refusals", "legal_hold_set": "legal-holds", "legal_hold_released": "legal-hold-releases",
    "link_rotated": "link-rotation", "statement_requested": "statements-requests",
}
TIMELESS = {"evidence_supplied", "message_added", "human_requested", "conduct_reported", "redaction_requested", "rated",
            "followed_up", "link_shared", "statement_requested", "nudged", "key_bound", "key_retired"}
DECISIVE = {"confirmed", "withdrawn", "offer_accepted"}
# Of a submission what its form showed or asked for.
SUBMITTED = {"orderId", "item", "merchantName", "statement", "remedySoughtAmount"}


def texts_in(value):
    if isinstance(value, dict):
        return [text for name, each in value.items() if name != "currency" for text in texts_in(each)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [] if value is None or value == "" else [str(value)]


def chosen_in(p):
    """Which offer is accepted follows from what was seen: a newer one moves the complaint."""
    counter, ground, sought = p.get("counter"), p.get("ground"), p.get("remedySought")
    chosen = [p.get("category"), sought.get("kind") if isinstance(sought, dict) else None, p.get("score"), {True: "yes", False: "no"}.get(p.get("solved")), counter.get("kind") if isinstance(counter, dict) else None]
    return chosen + [None if ground == "other" else ground]


def chosen_by_party(leaf):
    p = leaf["p"]
    ground, answer, ruled = p.get("ground"), p.get("answer"), leaf["kind"] in ("ruled", "appeal_ruled")
    # An apology where money was sought is recorded as a rejection of ground `other`.
    chosen = [None if answer == "reject" and ground == "other" else answer, None if ground == "other" else ground]
    chosen += [p.get(name) for name in ("outcome", "from")]
    chosen.append(p.get("party") if leaf["kind"] == "statement_requested" else None)
    if leaf["kind"] in ("officer_assigned", "handoff_offered") and isinstance(p.get("desk"), str):
        chosen.append(unquote(p["desk"]))
    for terms in (p.get("offer"), p.get("remedy")):
        if isinstance(terms, dict):
            chosen += [terms.get("kind"), terms.get("freightPaidBy"), terms.get("owedBy") if ruled else None]
    return chosen


INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")


def of_signed_instant(p, was_signed):
    """Of promised and ruled instants: one that was signed. A form may tell day and hour apart, and has none then."""
    spelled = [each.replace("Z", "+00:00") for each in was_signed if INSTANT.fullmatch(each)]
    instants = [round(datetime.fromisoformat(each).timestamp() * 1000) for each in spelled]
    said = [p.get("due"), p.get("until")] + [p[name].get("by") for name in ("offer", "remedy") if isinstance(p.get(name), dict)]
    return not instants or all(type(at) is not int or at in instants for at in said)


# Keys of merchants and of the platform (docs/log.md sections 4 and 11).
KEY_ACTS = {"party_key_added": "party-keys", "party_key_retired": "party-key-retirements",
            "signing_demanded": "signing-demands", "signing_released": "signing-releases"}


def thumbprint(x, y=None):
    spelled = '{"crv":"Ed25519","kty":"OKP","x":"%s"}' % x if y is None else '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' % (x, y)
    return to_url(sha256(spelled.encode()))


def asserted(payload, authenticator, client):
    """What an assertion of a passkey covers (W3C Web Authentication, section 6.3.3), which asked for this payload."""
    try:
        said = json.loads(client)
    except ValueError:
        said = None
    asked = isinstance(said, dict) and (said.get("type"), said.get("challenge")) == ("webauthn.get", to_url(sha256(payload)))
    need(asked, "a passkey was asked something else")
    need(said.get("crossOrigin") is not True, "a passkey was asked by a page in another's frame")
    need(len(authenticator) >= 37 and authenticator[32] & 5 == 5, "a passkey's owner was not verified")
    return authenticator + sha256(client)


def claim_signed(name, key, claim, sig):
    """Whether this key (x, y; y is None of Ed25519) made a signature over a claim of (act, body, c, origin, seen): a JWS, or an assertion."""
    x, y = key
    header = '{"alg":"%s","kid":"%s"}' % ("EdDSA" if y is None else "ES256", name)
    payload = '{"act":"%s","body":"%s","c":"%s","origin":"%s","seen":"%s"}' % claim
    message = f"{to_url(header.encode())}.{to_url(payload.encode())}".encode()
    parts = [b64(part, True) for part in sig.split(".")]
    if len(parts) == 3 and y is not None:
        message = asserted(payload.encode(), *parts[:2])
    else:
        need(len(parts) == 1, "a signature of another form")
    x, signature = b64(x, True), parts[-1]
    return signed(x, message, signature) if y is None else signed256(x, b64(y, True), message, signature)


def unsigned_act(leaf):
    return leaf["by"] not in ("buyer", "system") and "signed" not in leaf["p"] and leaf["kind"] in PARTY_ACTS


class Parties:
    """What the leaves of keys say, in their order: all of a log's (`whole`), or those that a receipt brings."""

    def __init__(self, whole, claim_signed=claim_signed):
        self.whole, self.claim_signed = whole, claim_signed
        self.keys, self.demands, self.newest = {}, {}, {}

    def signer(self, key, role, m, index):
        known = self.keys.get(key)
        if not known or known["role"] != role or not known["from"] < index < known["until"]:
            return None
        return known["key"] if None in (m, known["m"]) or m == known["m"] else None

    def demanded(self, m, index):
        return m is not None and any(start < index < end for start, end in self.demands.get(m, []))

    def disowned(self, leaf, m, index):
        return leaf["by"] == "merchant" and unsigned_act(leaf) and self.demanded(m, index)

    def unsigned_though(self, leaf, m, index):
        """Whether a key of the merchant, or of this role on the platform, stood when a step was left unsigned."""
        party = ("merchant", m) if leaf["by"] == "merchant" else (leaf["by"], None)
        return unsigned_act(leaf) and party != ("merchant", None) and any(
            (each["role"], each["m"]) == party and each["from"] < index < each["until"] for each in self.keys.values())

    def take(self, leaf, index, hashed, log):
        """`log` is the origin of the day."""
        p, kind = leaf["p"], leaf["kind"]
        role, m = p.get("role"), p.get("m")
        need(role in ("merchant", "platform", "supervisor") and (role == "merchant") == (m is not None), "names no party")
        need(m is None or (isinstance(m, str) and re.fullmatch(r"[A-Za-z0-9_-]{16}", m)), "names no party")
        party = m or role

        def by(member, body, origin, needed, fresh=False):
            if member is None:
                need(not (needed and self.whole), "a leaf about keys is unsigned, of a merchant who demands signatures")
                return
            need(isinstance(member, dict), "a leaf about keys has no readable signature")
            key = self.signer(member["key"], role, m, index)
            if key is None:
                need(not self.whole, "a leaf about keys is signed by a key that was not its party's then")
                return
            seen = member["seen"] if fresh else ""
            need(not (fresh and self.whole) or seen == self.newest.get(m), "was signed before another leaf about these keys")
            claim = (KEY_ACTS[kind], body or member["key"], party, origin, seen)
            need(self.claim_signed(member["key"], key, claim, member["sig"]), "a leaf about keys: its key did not make the signature")

        needed = self.demanded(m, index)
        if kind == "party_key_added":
            key = (p["x"], p.get("y"))
            need(thumbprint(*key) == p["key"] and p["key"] not in self.keys, "introduces no proper key, or one again")
            claim = (KEY_ACTS[kind], p["key"], party, "", "")
            need(self.claim_signed(p["key"], key, claim, p["sig"]), "a leaf about keys: its key did not make the signature")
            by(p.get("voucher"), p["key"], "", needed)
            self.keys[p["key"]] = {"key": key, "role": role, "m": m, "from": index, "until": float("inf")}
        elif kind == "party_key_retired":
            known = self.keys.get(p["key"])
            need(known and known["until"] == float("inf") and (known["role"], known["m"]) == (role, m), "retires no such key")
            by(p.get("signed"), p["key"], log, needed)
            known["until"] = index
        else:
            spans = self.demands.setdefault(m, [])
            standing = bool(spans) and spans[-1][1] == float("inf")
            starts = kind == "signing_demanded"
            need(m is not None and starts != standing, "demands or releases what it cannot")
            need(not starts or "signed" in p, "demands signatures unsigned")
            by(p.get("signed"), None, log, False, fresh=True)
            if starts:
                spans.append((index, float("inf")))
            else:
                spans[-1] = (spans[-1][0], index)
        if m is not None:
            self.newest[m] = hashed


def moved(before, leaf):
    same = all(before[name] == leaf[name] for name in ("state", "holder", "due"))
    return not same or leaf["kind"] == "merchant_responded"


def binding(leaf):
    """The key that a leaf binds, as it stands there; None in one that binds none."""
    return leaf["p"] if leaf["kind"] == "key_bound" else leaf["p"].get("device") if leaf["kind"] == "submitted" else None


def signature_member(leaf, name):
    """A member of a leaf's signature; `seen` of a submission is its form."""
    given = leaf["p"].get("signed")
    return given.get(name) if isinstance(given, dict) else None


def retire(step, keys, retired):
    """A key or an older one retires it at once; a younger one, or nobody's, a day later."""
    leaf, order = step["leaf"], list(keys)
    key, signer = leaf["p"]["key"], signature_member(leaf, "key")
    need(key in keys, f"step {step['seq']} retires a key that no step before it binds")
    senior = signer in keys and order.index(signer) <= order.index(key)
    until = leaf["at"] + (0 if senior else 24 * 3_600_000)
    need(leaf["p"]["until"] == until, f"step {step['seq']} retires a key from another instant than the rules say")
    retired[key] = until


def good_signature(r, step, keys, retired, bodies, parties):
    """Whether a signed step is what its author signed; raises Bad where it is not."""
    leaf, n = step["leaf"], step["seq"]
    p, buyer = leaf["p"], leaf["by"] == "buyer"
    act = ACTS.get(leaf["kind"]) if buyer else None if leaf["by"] == "system" else PARTY_ACTS.get(leaf["kind"])
    given = p["signed"]
    need(isinstance(given, dict) and given.keys() == {"key", "seen", "body", "sig"}, f"step {n} has no readable signature")
    need(all(len(b64(given[name], True)) == 32 for name in ("key", "seen", "body")), f"step {n} has no readable signature")
    need(act is not None, f"step {n} is of a kind that nobody signs")
    new = binding(leaf)
    if new is not None:
        need(isinstance(new, dict), f"step {n} binds no key")
        need(thumbprint(new["x"], new["y"]) == new["key"] == given["key"], f"step {n} binds another key than signed it")
        keys[new["key"]] = (new["x"], new["y"])
    until = retired.pop(given["key"], None) if buyer else None
    need(until is None or leaf["at"] < until, f"step {n} is signed by a key that was retired")
    m = r.steps[0]["leaf"]["p"].get("m")
    key = keys.get(given["key"]) if buyer else parties.signer(given["key"], leaf["by"], m, step["index"])
    need(key, f"step {n} is signed by a key that no step before it binds, or that was not its party's then")
    need(leaf["d"].get("signedRequest") == given["body"], f"step {n} does not hold the request that was signed")
    need(given["body"] not in bodies, f"step {n} holds a signature again")
    bodies.add(given["body"])
    earlier = r.steps[:n]
    place = max((i for i, each in enumerate(earlier) if to_url(each["hash"]) == given["seen"]), default=-1)
    # A submission, and photos that came with it, were signed on a form, before there was a complaint.
    on_form = n == 0 or leaf["kind"] == "evidence_supplied" and given["seen"] == signature_member(r.steps[0]["leaf"], "seen")
    place = 0 if on_form else place
    need(place >= 0, f"step {n} was signed before another step than any of this complaint")
    since = [each["leaf"] for each in earlier[place:]]
    fresh = leaf["kind"] in TIMELESS or not any(map(moved, since, since[1:]))
    need(fresh, f"step {n} was signed before the complaint moved")
    claim = (act, given["body"], "" if on_form else leaf["c"], origin_at(r, step["index"]), given["seen"])
    need(claim_signed(given["key"], key, claim, given["sig"]), f"step {n}: its key did not make the signature")
    shown = dict(read_disclosure(each) for each in step["disclosures"])
    if "signedRequest" in shown:
        others = re.compile(r"file\d+|operator|officer|signedRequest")
        wanted = [text for name, value in shown.items() if (name in SUBMITTED if n == 0 else not others.fullmatch(name))
                  for text in texts_in(value)]
        was_signed = set(texts_in(shown["signedRequest"]))
        chosen = chosen_in(p) + [p["key"] if leaf["kind"] == "key_retired" else None] if buyer else chosen_by_party(leaf)
        # A form may name a step and its field in one.
        chosen += [] if f"{p.get('seq')}.{p.get('field')}" in was_signed else [p.get("seq"), p.get("field")]
        chosen = [str(each) for each in chosen if isinstance(each, (str, int)) and not isinstance(each, bool)]
        good = was_signed.issuperset(wanted + chosen)
        need(good and (buyer or of_signed_instant(p, was_signed)), f"step {n} says what its author did not sign")


def signatures(r, _):
    keys, retired, bodies, acts, count_signed, parties, others, though = {}, {}, set(), 0, 0, parties_in(r), 0, 0
    m = r.steps[0]["leaf"]["p"].get("m")
    for step in r.steps:
        leaf = step["leaf"]
        binds = leaf["kind"] == "key_bound"
        acts += leaf["by"] == "buyer" and not binds
        though += parties.unsigned_though(leaf, m, step["index"])
        need(binding(leaf) is None or "signed" in leaf["p"], f"step {step['seq']} binds a key that did not sign it")
        if "signed" in leaf["p"]:
            good_signature(r, step, keys, retired, bodies, parties)
            count_signed += not binds and leaf["by"] == "buyer"
            others += leaf["by"] != "buyer"
        if leaf["kind"] == "key_retired":
            retire(step, keys, retired)
    return (f"{count_signed} of {acts} acts of the buyer are signed, by keys of {len(keys)} devices; {others} of others, "
            f"{though} unsigned though their party had a key")


def parties_in(r, **how):
    parties = Parties(whole=False, **how)
    for each in sorted(r.keys, key=lambda each: each["index"]):
        if each["leaf"]["c"] is None and each["leaf"]["kind"] in KEY_ACTS:
            parties.take(each["leaf"], each["index"], to_url(each["hash"]), origin_at(r, each["index"]))
    return parties


def authors(r, _):
    bound, found = False, []
    for step in r.steps:
        leaf = step["leaf"]
        bound = bound or binding(leaf) is not None
        if leaf["kind"] in ("key_bound", "key_retired"):
            continue
        if leaf["by"] == "buyer" and "signed" in leaf["p"]:
            found = []
        elif leaf["by"] == "buyer" and bound and leaf["kind"] in DECISIVE:
            found.append(step["seq"])
    need(not found, f"step {found and found[0]} gives up in the buyer's name, unsigned though a key was bound")
    parties, m = parties_in(r, claim_signed=lambda *_: True), r.steps[0]["leaf"]["p"].get("m")
    for step in r.steps:
        disowned = parties.disowned(step["leaf"], m, step["index"])
        need(not disowned, f"step {step['seq']} is in the merchant's name, unsigned though it demands signatures")
    return "nothing was given up unsigned where a key was bound"


def rules(r, _):
    adopted = {}
    for rule in r.rules:
        leaf, document = rule["leaf"], rule["document"]
        need(leaf["c"] is None and leaf["kind"] == "rule_adopted" and isinstance(document, str)
             and leaf["p"].get("digest") == to_url(sha256(document.encode())), "a rule of another text than its leaf adopted")
        need(included(rule["index"], r.size, rule["hash"], rule["proof"], r.root), "the leaf of a rule is not in the tree")
        adopted[leaf["p"]["digest"]] = rule["index"]
    for step in r.steps:
        cites = step["leaf"]["p"].get("cites")
        for digest in cites.split(" ") if isinstance(cites, str) else []:
            need(digest in adopted, f"step {step['seq']} cites a rule that is not shown")
            need(adopted[digest] < step["index"], f"step {step['seq']} cites a rule that was adopted after it")
    return f"{len(adopted)} cited rules of the platform are as the log adopted them"


def head(r, _):
    last = r.steps[-1]
    need(r.claims["c"] == r.c, "the statement is about another complaint")
    same = r.claims["head_seq"] == last["leaf"]["seq"] and r.claims["head_leaf"] == to_url(last["hash"])
    need(same, "the statement ends at another step")
    return f"step {last['leaf']['seq']} is the last one before {r.claims['iat']} (UTC milliseconds)"


# Time stamps (RFC 3161), but for the authority's signature: use openssl ts -verify.
def der(data):
    """Contents of the values that stand behind one another, with their tags."""
    found = []
    while data:
        need(len(data) >= 2 and data[0] & 31 != 31, "not a value of DER")
        octets = data[1] & 127 if data[1] & 128 else 0
        need(data[1] != 128 and octets <= 4, "a length that DER forbids")
        length = int.from_bytes(data[2:2 + octets], "big") if octets else data[1]
        start, end = 2 + octets, 2 + octets + length
        need(end <= len(data), "a value that is cut off")
        found.append((data[0], data[start:end]))
        data = data[end:]
    return found


def inside(value, tag):
    need(value[0] == tag, "not what stands at this place of a time stamp")
    return der(value[1])


def read_time_stamp(reply):
    """What was stamped, and when (UTC ms)."""
    try:
        (response,) = der(reply)
        status, token = inside(response, 0x30)
        need(inside(status, 0x30)[0] in ((2, b"\0"), (2, b"\1")), "a time stamp that was refused")
        (signed_data,) = inside(inside(token, 0x30)[1], 0xA0)
        kind, wrapped = inside(inside(signed_data, 0x30)[2], 0x30)
        need(kind[1].hex() == "2a864886f70d0109100104", "not a time stamp")
        ((_, info),) = inside(wrapped, 0xA0)
        parts = inside(der(info)[0], 0x30)
        algorithm, (_, imprint) = inside(parts[2], 0x30)
        need(inside(algorithm, 0x30)[0][1].hex() == "608648016503040201", "not over a SHA-256")
        found = re.fullmatch(r"(\d{14})(\.\d+)?Z", parts[4][1].decode("ascii"), re.ASCII)
        at = datetime.strptime(found[1] + "+0000", "%Y%m%d%H%M%S%z").timestamp() * 1000
        return imprint, int(at + float(found[2] or 0) * 1000)
    except (ValueError, IndexError, TypeError):
        raise Bad("a time stamp that can't be read")


def timestamps(r, policy):
    for stamp in r.timestamps:
        note = read_note(stamp["checkpoint"])
        name, size, root = read_checkpoint(note[0])
        keys = [key for key in policy[0] if key[0] == r.log]
        need(name == r.log and signers(note, keys, signed), "a checkpoint that was stamped is not signed by this log")
        (size1, root1), (size2, root2) = sorted([(size, root), (r.size, r.root)], key=lambda tree: tree[0])
        proof = [b64(each) for each in stamp["consistency"]]
        need(continues(size1, size2, root1, root2, proof), "a tree that was stamped is of another history")
        imprint, at = read_time_stamp(b64(stamp["reply"]))
        need(imprint == sha256(stamp["checkpoint"].encode()), "a time stamp is over something else than its checkpoint")
        for step in r.steps:
            held, when = step["index"] < size, step["leaf"]["at"]
            need(not held or when <= at + 600_000, f"step {step['seq']} was stamped before its time")
            need(held or when >= at - 3_600_000, f"step {step['seq']} is dated an hour before a stamp in front of it")
    return f"{len(r.timestamps)} over this history; for the authority's signature use openssl ts -verify"


CHECKS = [
    ("checkpoint-signature", checkpoint_signature), ("one-checkpoint", one_checkpoint), ("origin", origin),
    ("witnesses", witnesses), ("inclusion", inclusion), ("key-inclusion", key_inclusion),
    ("statement-key", statement_key_check), ("statement-signature", statement_signature),
    ("statement-tree", statement_tree), ("chain", chain), ("times", times_check), ("disclosures", disclosures),
    ("complaint-id", complaint_id), ("signatures", signatures), ("authors", authors), ("rules", rules),
    ("head", head), ("timestamps", timestamps),
]


# --- States and due instants (docs/fold.md).
FOUR = ("state", "holder", "due", "rule")


def require_fields(leaf, fields, where):
    for name in FOUR:
        need(leaf[name] == fields[name], f"{where} ({leaf['kind']}): its {name} is {fields[name]} by the rules")


def refold(log, leaves):
    """Appends leaves to a fold.Log; the first that is wrong is named by its place."""
    from fold import Wrong
    for place, data in enumerate(leaves):
        try:
            leaf, fields = log.append(data)
        except Wrong as error:
            raise Bad(f"leaf {place}: {error}")
        require_fields(leaf, fields, f"leaf {place}")


def fold_receipt(r, documents):
    from fold import Log
    policies = {to_url(sha256(each.encode())): each for each in documents}
    log = Log(read_leaf, policies)
    log.rules.update(rule["leaf"]["p"]["digest"] for rule in r.rules)
    refold(log, [step["data"] for step in r.steps])
    return f"state, holder, due instant and clause of {len(r.steps)} steps follow from the policy"


def fold_vector(vector):
    from fold import Log
    leaves = [each.encode() for each in vector["leaves"]]
    refold(Log(read_leaf, vector["policies"]), leaves)
    for place, (data, fields) in enumerate(zip(leaves, vector["fields"], strict=True)):
        require_fields(read_leaf(data), fields, f"leaf {place}")
    return f"{len(leaves)} leaves: {vector['about']}"


# --- A whole log, as C2SP tlog-tiles under a URL or in a folder.
class Place:
    def __init__(self, address):
        self.address = address.rstrip("/")
        self.is_remote = re.match("https?://", address) is not None

    def read(self, path):
        """Bytes, or None where there are none."""
        try:
            if self.is_remote:
                with urllib.request.urlopen(f"{self.address}/{path}", timeout=30) as opened:
                    return opened.read()
            with open(f"{self.address}/{path}", "rb") as opened:
                return opened.read()
        except FileNotFoundError:
            return None
        except urllib.error.HTTPError as error:
            need(error.code == 404, f"the log answers {error.code}")
            return None

    def text(self, path):
        data = self.read(path)
        need(data is not None, f"{path} is not served")
        return data.decode()


def tile_path(n, width):
    path = f"{n % 1000:03}"
    while n := n // 1000:
        path = f"x{n % 1000:03}/{path}"
    return path if width == 256 else f"{path}.p/{width}"


def leaves_of(place, size):
    for n in range((size + 255) // 256):
        width = min(256, size - n * 256)
        # A partial bundle may be gone once it is full.
        bundle = place.read(f"tile/entries/{tile_path(n, width)}") or place.read(f"tile/entries/{tile_path(n, 256)}")
        need(bundle is not None, f"bundle {n} is withheld")
        for _ in range(width):
            end = 2 + int.from_bytes(bundle[:2], "big")
            need(2 <= len(bundle) and end <= len(bundle), f"bundle {n} is cut short")
            yield bundle[2:end]
            bundle = bundle[end:]


def root_of(hashes):
    if not hashes:
        return sha256(b"")
    peaks = []
    for count_before, node in enumerate(hashes):
        while count_before & 1:
            node, count_before = sha256(b"\1" + peaks.pop() + node), count_before >> 1
        peaks.append(node)
    root = peaks.pop()
    while peaks:
        root = sha256(b"\1" + peaks.pop() + root)
    return root


class ServedLog:
    """Has what `witnesses` and `checkpoint_signature` read of a receipt."""

    def __init__(self, address):
        self.place = place = Place(address)
        self.note = read_note(place.text("checkpoint"))
        self.log, self.size, self.root = read_checkpoint(self.note[0])
        self.leaves = list(leaves_of(place, self.size))
        self.hashes = [sha256(b"\0" + data) for data in self.leaves]
        need(root_of(self.hashes) == self.root, "its leaves are not those signed")

    def load_documents(self):
        load = self.place.text
        adopted = [leaf["policy"] for leaf in map(read_leaf, self.leaves) if leaf["kind"] == "policy_adopted"]
        self.documents = {name: load(f"policies/{name}") for name in adopted}
        for leaf in map(read_leaf, self.leaves):
            if leaf["kind"] == "rule_adopted":
                digest = leaf["p"].get("digest")
                need(re.fullmatch("[A-Za-z0-9_-]{43}", str(digest)), "adopts no rule")
                kept = to_url(sha256(load(f"rules/{digest}").encode()))
                need(kept == digest, f"the rule {digest} is not the one that was adopted")

    def statement_keys(self):
        """x of each statement key by its kid, and when it was retired."""
        keys, retired = {}, {}
        for leaf in map(read_leaf, self.leaves):
            named = statement_key(leaf)
            if named:
                keys[named[0]] = named[1]
            if leaf["c"] is None and leaf["kind"] == "key_retired" and leaf["p"].get("use") == "statement":
                retired[leaf["p"].get("kid")] = leaf["at"]
        return keys, retired

    def kept_of(self, name):
        """How many leaves of the log of this name are the first ones here; all, unless it lost some and goes on here (section 4)."""
        for leaf in map(read_leaf, self.leaves):
            declared = leaf["p"].get("continues") if leaf["kind"] == "log_opened" and leaf["c"] is None else None
            if isinstance(declared, dict) and declared.get("origin") == name:
                return declared["kept"]
        need(name == self.log, "under this address another log is served")
        return self.size

    def own_chain(self):
        """The key that signed was introduced by the log, and no retired key signs."""
        keys, retired, name, parties, merchants = set(), set(), None, Parties(whole=True), {}
        for place, leaf in enumerate(map(read_leaf, self.leaves)):
            need(place > 0 or leaf["kind"] == "log_opened", "leaf 0 opens no log")
            if leaf["c"] is not None:
                m = merchants.setdefault(leaf["c"], leaf["p"].get("m"))
                if leaf["by"] not in ("buyer", "system") and "signed" in leaf["p"]:
                    given, act = leaf["p"]["signed"], PARTY_ACTS.get(leaf["kind"])
                    key = parties.signer(given["key"], leaf["by"], m, place)
                    claim = (act, given["body"], leaf["c"], name, given["seen"])
                    good = act and key and claim_signed(given["key"], key, claim, given["sig"])
                    need(good, f"leaf {place} has a signature that no key of its party made then")
                need(not parties.disowned(leaf, m, place),
                     f"leaf {place} is in the name of a merchant who demands signatures, unsigned")
                continue
            p = leaf["p"]
            if leaf["kind"] in KEY_ACTS:
                parties.take(leaf, place, to_url(sha256(b"\0" + self.leaves[place])), name)
            elif leaf["kind"] == "log_opened":
                need(statement_key(leaf) and (place > 0 or "continues" not in p), "opens no proper log")
                if place > 0:
                    declared = succession(leaf, place, name)
                    print(f"· leaf {place} continues {name} and declares {declared['lost']} of its leaves lost")
                # The keys of the log before sign no checkpoint any more.
                name, keys = p.get("origin"), {p["keys"]["note"]}
            elif leaf["kind"] == "key_added" and p.get("use") == "note":
                keys.add(p["vkey"])
            elif leaf["kind"] == "key_added":
                need(statement_key(leaf), "introduces no proper key")
            elif leaf["kind"] == "key_retired" and p.get("use") == "note":
                retired.add(p["vkey"])
        need(name == self.log, "opens another log")
        return keys - retired


def own_keys(log, policy):
    found = signers(log.note, [key for key in policy[0] if key[0] == log.log], signed)
    introduced = [read_vkey(each, 1) for each in log.own_chain()]
    need(found and all(key in introduced for key in found), "the key that signed is in no leaf, or was retired")
    return "the log itself introduced the key that signed"


NOW = int(time.time() * 1000)
HOUR, BEHIND = 3_600_000, 1_200_000


def is_young(log, policy):
    """A quorum cosigned within an hour, or none is asked for."""
    _, named, groups, quorum = policy
    body, signatures = log.note
    at = {(name, key_id): int.from_bytes(data[:8], "big") * 1000 for name, key_id, data in signatures if len(data) == 72}
    young = {name for name, key in named.items() if key and abs(NOW - at.get(key[:2], 0)) <= HOUR}
    def met(name):
        if name in groups:
            threshold, members = groups[name]
            return sum(map(met, members)) >= threshold
        return name in young
    return quorum == "none" or met(quorum)


def log_fresh(log, policy):
    need(is_young(log, policy), "no quorum cosigned it within an hour of this clock: an old view, or silent witnesses")
    return "as fresh as the policy asks for"


def log_continues(r, log):
    kept = log.kept_of(r.log)
    if r.size > log.size and kept == log.size:
        need(NOW - r.claims["iat"] > BEHIND, "older than the receipt for the moment: nothing is proved, try again")
        raise Bad("smaller than the tree of the receipt, long after that was signed: withheld, or a fork")
    size = min(r.size, kept)
    if size == r.size:
        need(root_of(log.hashes[:size]) == r.root, "the tree does not continue the tree of the receipt: the log was forked")
    return f"{size} of {r.size} leaves of the receipt's tree are the first ones of the log"


def log_steps(r, log):
    kept = log.kept_of(r.log)
    for step in r.steps:
        if step["index"] < kept:
            need(log.leaves[step["index"]] == step["data"], f"step {step['seq']} does not stand in the log")
    return f"{sum(step['index'] < kept for step in r.steps)} of {len(r.steps)} steps stand in the log"


def log_head(r, log):
    kept, last, newer = log.kept_of(r.log), r.steps[-1]["index"], 0
    size = min(r.size, kept)
    _, retired = log.statement_keys()
    need(retired.get(r.kid, r.claims["iat"]) >= r.claims["iat"], "the key of the statement was retired before it was signed")
    for index, data in enumerate(log.leaves[last + 1:], last + 1):
        leaf = read_leaf(data)
        late = index >= size
        need(not late or leaf["at"] >= r.claims["iat"], f"leaf {index} is dated before the statement that did not know it")
        if leaf["c"] == r.c:
            need(late, f"leaf {index} is step {leaf['seq']} of this complaint, and the statement hid it")
            newer += 1
    return f"no step was hidden or dated back; {newer} newer ones"


def against_log(address, policy):
    """Checks of a receipt against the log as it is served; each needs the one before."""
    log = ServedLog(address)
    return [
        ("log-checkpoint", lambda _: checkpoint_signature(log, policy) + "; " + witnesses(log, policy)),
        ("log-fresh", lambda _: log_fresh(log, policy)),
        ("log-continues", lambda r: log_continues(r, log)),
        ("log-steps", lambda r: log_steps(r, log)),
        ("log-head", lambda r: log_head(r, log)),
    ]


def promise_signature(promise, log):
    kid, claims, signing_input, signature = promise
    log.kept_of(claims["origin"])
    keys, _ = log.statement_keys()
    need(kid in keys, "no leaf of the log introduces the key that signed it")
    need(signed(b64(keys[kid], url=True), signing_input, signature), "its signature does not hold")
    return "signed by a key that the log introduced"


def promise_kept(promise, log, policy):
    kid, claims, _, _ = promise
    for index, each in enumerate(log.hashes):
        if to_url(each) == claims["leaf"]:
            if "party" not in claims:
                return f"the log kept it: leaf {index}"
            leaf = read_leaf(log.leaves[index])
            says = leaf["kind"] in ("deadline_missed", "total_missed") and all(leaf["p"].get(name) == claims[name] for name in MISSED)
            need(says, "the leaf does not say what the certificate says of it")
            return f"the log kept it: leaf {index}: {claims['party']} missed its deadline"
    last = read_leaf(log.leaves[-1])["at"]
    if max(NOW, last) <= claims["by"]:
        return "the leaf is not there yet, and not due"
    need(claims["origin"] == log.log, "the log does not hold this leaf, and declares leaves lost: submit again")
    _, retired = log.statement_keys()
    need(retired.get(kid, claims["iat"]) >= claims["iat"], "its key was retired before it was signed: it binds nobody")
    if last <= claims["by"]:
        witnesses(log, policy)
        need(is_young(log, policy), "not in this view, which no quorum cosigned within an hour")
    raise Bad("the log promised this leaf and does not hold it: the promise is the proof")


def fold_log(log, _):
    from fold import Log
    refold(Log(read_leaf, log.documents), log.leaves)
    return f"{log.size} leaves: chains, times, states and due instants are right"


LOG_CHECKS = [
    ("checkpoint-signature", checkpoint_signature), ("witnesses", witnesses), ("keys", own_keys), ("fold", fold_log),
]


def main(arguments):
    fold = arguments[:1] == ["--fold"] and len(arguments) > 1
    whole = arguments[:1] == ["--log"] and len(arguments) == 3
    alone = arguments[:1] in (["--promise"], ["--certificate"]) and len(arguments) == 4
    served = None
    if arguments[-2:-1] == ["--log"]:
        *arguments, _, served = arguments
    if not fold and not whole and not alone and not (2 <= len(arguments) and not arguments[0].startswith("--")):
        print(__doc__, file=sys.stderr)
        return 1
    good = True

    def check(name, prove):
        nonlocal good
        try:
            value, detail = prove()
            print(f"✓ {name}: {detail}")
            return value
        except Bad as error:
            print(f"✗ {name}: {error}")
        except Exception:  # A hostile file of any shape; the error's own words might quote it.
            print(f"✗ {name}: could not be read")
        good = False

    def load(file):
        with open(file, encoding="utf-8", newline="") as opened:
            return opened.read()

    if fold:
        for file in arguments[1:]:
            check(file, lambda: (None, fold_vector(json.loads(load(file)))))
        return 0 if good else 1
    subject, trust, *documents = arguments[1:] if whole or alone else arguments
    policy = check("policy", lambda: (read_policy(load(trust)), "the trust policy can be read"))
    if alone and policy:
        promise = check("promise", lambda: (read_promise(load(subject).strip()), "can be read"))
        log = check("log", lambda: (ServedLog(documents[0]), "its leaves are those of the signed tree"))
        if promise and log:
            check("log-checkpoint", lambda: (None, checkpoint_signature(log, policy)))
            check("promise-signature", lambda: (None, promise_signature(promise, log)))
        if good:
            name = "certificate" if "party" in promise[1] else "promise"
            check(name, lambda: (None, promise_kept(promise, log, policy)))
    if alone:
        return 0 if good else 1
    if whole:
        opened = check("well-formed", lambda: (ServedLog(subject), "every part can be read"))
        if opened:
            check("documents", lambda: (None, opened.load_documents()))
        checks = LOG_CHECKS
    else:
        opened = check("well-formed", lambda: (Receipt(json.loads(load(subject))), "every part can be read"))
        texts = [load(each) for each in documents]
        checks = CHECKS + ([("fold", lambda r, _: fold_receipt(r, texts))] if texts else [])
    if policy and opened:
        for name, prove in checks:
            check(name, lambda: (None, prove(opened, policy)))
    if good and served is not None:
        for name, prove in check("log", lambda: (against_log(served, policy), "its leaves are those of the signed tree")) or []:
            if good:
                check(name, lambda: (None, prove(opened)))
    return 0 if good else 1


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
