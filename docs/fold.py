"""Recomputes state, holder, due instant and clause of every leaf of a complaint, and whether it may stand there.

Written from docs/fold.md and docs/log.md, and from nothing else, so that the other fold can be checked by this one.
Python 3.11, standard library only. `verifier.py --fold`, `--log` and its third argument use it.
"""
import datetime, hashlib, base64, json, re
from urllib.parse import quote, unquote

HOUR = 3_600_000
DAY = 24 * HOUR
SHANGHAI = 8 * HOUR

MONEY = {"refund", "partial_refund", "return_refund", "compensation"}
GOODS = {"exchange", "reship", "repair"}
RETURNED = {"return_refund", "exchange", "repair"}
REMEDIES = MONEY | GOODS | {"apology"}
CLOSED = {"closed_confirmed", "closed_ruled", "closed_lapsed", "closed_withdrawn", "refused"}
WAITING = {"awaiting_merchant", "awaiting_buyer", "platform_review", "awaiting_return", "fulfilment",
           "awaiting_confirmation", "appeal_review"}
OPEN = WAITING | {"evidence_requested"}
ANY = OPEN | CLOSED
REVIEWS = {"platform_review", "appeal_review"}

# Section 2: by whom, and in which states.
OFFICE = {"platform", "supervisor"}
WHERE = {
    "merchant_responded": {"merchant": {"awaiting_merchant", "awaiting_buyer", "platform_review"}},
    "automated_reply": {"merchant": {"awaiting_merchant", "awaiting_buyer", "platform_review"}},
    "offer_accepted": {"buyer": {"awaiting_buyer", "platform_review", "closed_lapsed"}},
    "offer_refused": {"buyer": {"awaiting_buyer", "platform_review"}},
    "escalated": {"buyer": {"awaiting_buyer"}},
    "officer_assigned": dict.fromkeys(OFFICE, REVIEWS | {"evidence_requested"}),
    "handoff_offered": dict.fromkeys(OFFICE, REVIEWS),
    "handoff_accepted": dict.fromkeys(OFFICE, REVIEWS | {"evidence_requested"}),
    "evidence_requested": dict.fromkeys(OFFICE, REVIEWS),
    "evidence_supplied": dict.fromkeys({"buyer", "merchant"} | OFFICE, OPEN),
    "ruled": dict.fromkeys(OFFICE, {"platform_review"}),
    "appealed": {
        "buyer": {"closed_ruled", "refused", "awaiting_return", "fulfilment", "awaiting_confirmation",
                  "platform_review", "appeal_review"},
        "merchant": {"closed_ruled", "awaiting_return", "fulfilment", "appeal_review"},
    },
    "appeal_ruled": dict.fromkeys(OFFICE, {"appeal_review"}),
    "return_shipped": {"buyer": {"awaiting_return"}},
    "return_received": {"merchant": {"fulfilment"}},
    "return_disputed": {"merchant": {"fulfilment"}},
    "fulfilled": dict.fromkeys({"merchant"} | OFFICE, {"awaiting_merchant", "fulfilment", "platform_review"}),
    "confirmed": {"buyer": OPEN},
    "disputed": {"buyer": {"awaiting_confirmation"}},
    "deadline_extended": dict.fromkeys({"merchant"} | OFFICE, OPEN),
    "notice_sent": {"system": ANY},
    "withdrawn": {"buyer": OPEN},
    "refused": dict.fromkeys(OFFICE, {"awaiting_merchant", "platform_review"}),
    "reopened": {"buyer": {"closed_confirmed", "closed_lapsed", "closed_withdrawn"}},
    "human_requested": {"buyer": OPEN},
    "nudged": {"buyer": OPEN},
    "interim_reported": dict.fromkeys({"merchant"} | OFFICE, OPEN),
    "statement_requested": dict.fromkeys({"merchant"} | OFFICE, OPEN),
    "statement_given": {"third_party": OPEN},
    "conduct_reported": {"buyer": ANY},
    "message_added": dict.fromkeys({"buyer", "merchant"} | OFFICE, OPEN),
    "rated": {"buyer": CLOSED},
    "followed_up": {"buyer": {"closed_confirmed", "closed_ruled", "closed_lapsed"}},
    "link_rotated": dict.fromkeys(OFFICE, ANY),
    "link_shared": {"buyer": ANY},
    "key_bound": {"buyer": ANY},
    "key_retired": {"buyer": ANY},
    "redaction_requested": {"buyer": ANY, "supervisor": ANY},
    "redacted": {**dict.fromkeys(OFFICE, ANY), "system": CLOSED},
    "legal_hold_set": {"supervisor": ANY},
    "legal_hold_released": {"supervisor": ANY},
    "redaction_refused": dict.fromkeys(OFFICE, ANY),
}
CLOCK = {"deadline_missed", "evidence_absent", "lapsed", "total_missed", "statement_absent"}


# Section 2: the parameters of each kind. A name that ends in ? may be absent.
def is_flag(value):
    return isinstance(value, bool)


def is_count(value):
    return type(value) is int and 0 <= value < 2**53


def one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def shaped(**members):
    def holds(value):
        if not isinstance(value, dict):
            return False
        names = {name.rstrip("_"): (check, name.endswith("_")) for name, check in members.items()}
        present = all(optional or name in value for name, (_, optional) in names.items())
        return present and all(name in names and names[name][0](each) for name, each in value.items())
    return holds


def is_desk(value):
    return isinstance(value, str) and quote(unquote(value, errors="replace"), safe="-_.!~*'()") == value


def is_hash(value):
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", value) is not None


def is_citation(value):
    cited = value.split(" ") if isinstance(value, str) else []
    return 1 <= len(cited) == len(set(cited)) <= 3 and all(map(is_hash, cited))


KIND = one_of(*REMEDIES)
PARTY = one_of("buyer", "merchant", "platform")
TERMS = {"kind": KIND, "owedBy": one_of("merchant", "platform"), "by_": is_count, "freightPaidBy_": PARTY}
GROUND = one_of("as_described", "misuse", "out_of_time", "courier", "already_settled", "other")
OUTCOME = one_of("for_buyer", "partly", "for_merchant")
ASKED = one_of("buyer", "merchant", "both")
ANSWER = one_of("offer", "reject")
THIRD = one_of("courier", "supplier", "regulator")
NOTHING = shaped()
FILES = shaped(files=is_count)
FIELD = {"seq": is_count, "field": lambda value: isinstance(value, str)}
PARAMETERS = {
    "submitted": shaped(category=lambda value: isinstance(value, str), locale=one_of("zh-CN", "zh-TW", "en"),
                        m_=lambda value: isinstance(value, str) and re.fullmatch("[A-Za-z0-9_-]{16}", value),
                        remedySought_=shaped(kind=KIND), device_=shaped(key=is_hash, x=is_hash, y=is_hash)),
    "merchant_responded": shaped(answer=ANSWER, offer_=shaped(**TERMS, meetsSought=is_flag), ground_=GROUND),
    "automated_reply": shaped(answer=ANSWER, offer_=shaped(**TERMS), ground_=GROUND),
    "offer_accepted": shaped(offer=is_count),
    "offer_refused": shaped(counter_=shaped(kind=KIND)),
    "officer_assigned": shaped(handoff=is_flag, desk_=is_desk),
    "handoff_offered": shaped(desk=is_desk),
    "handoff_accepted": shaped(desk=is_desk),
    "evidence_requested": shaped(**{"from": ASKED}, pauses=is_flag),
    "evidence_supplied": shaped(asked=is_flag, files=is_count),
    "evidence_absent": shaped(party=ASKED, due=is_count),
    "ruled": shaped(outcome=OUTCOME, enforcement=is_flag, remedy_=shaped(**TERMS), cites_=is_citation),
    "appealed": shaped(joined=is_flag, of=is_count),
    "appeal_ruled": shaped(outcome=OUTCOME, remedy_=shaped(**TERMS), granted_=is_flag, cites_=is_citation),
    "fulfilled": FILES,
    "message_added": FILES,
    "deadline_missed": shaped(party=one_of("buyer", "merchant", "platform", "supervisor"), due=is_count,
                              lapses_=lambda value: value is True),
    "deadline_extended": shaped(due=is_count, firstDue=is_count),
    "notice_sent": shaped(to=one_of("buyer", "merchant"), stay=is_count, link_=is_count,
                          proof_=lambda value: value is True),
    "lapsed": shaped(after=one_of("offer", "rejection", "return", "proof")),
    "withdrawn": shaped(ground=one_of("asked_by_merchant", "solved_elsewhere", "changed_mind", "other")),
    "refused": shaped(ground=one_of("not_our_order", "duplicate", "already_ruled", "out_of_time", "not_consumer"),
                      cites_=is_citation),
    "reopened": shaped(after=one_of("confirmation", "lapse", "withdrawal")),
    "conduct_reported": shaped(seq=is_count),
    "rated": shaped(score=lambda value: type(value) is int and 1 <= value <= 5),
    "followed_up": shaped(solved=is_flag),
    "link_rotated": shaped(epoch=is_count, theft=is_flag),
    "link_shared": shaped(texts=is_flag, files=is_flag),
    "key_bound": shaped(key=is_hash, x=is_hash, y=is_hash),
    "key_retired": shaped(key=is_hash, until=is_count),
    "redaction_requested": shaped(**FIELD),
    "redaction_refused": shaped(**FIELD),
    "nudged": shaped(count=is_count),
    "interim_reported": shaped(due=is_count, firstDue=is_count),
    "total_missed": shaped(party=one_of("buyer", "merchant", "both", "platform", "supervisor"), due=is_count),
    "statement_requested": shaped(party=THIRD, due=is_count),
    "statement_given": shaped(party=THIRD, of=is_count, files=is_count),
    "statement_absent": shaped(party=THIRD, of=is_count, due=is_count),
    "redacted": shaped(**FIELD, basis=one_of("author", "supervisors", "window_closed", "retention")),
    "legal_hold_set": shaped(until_=is_count),
    "legal_hold_released": NOTHING,
}


class Wrong(Exception):
    """What the rules say against a leaf."""


def require(condition, problem):
    if not condition:
        raise Wrong(problem)


# --- Time (section 3).
def date_of(instant):
    """The date in Shanghai."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=instant + SHANGHAI)).date()


def midnight(date):
    """The instant at which a date begins in Shanghai."""
    return (date - datetime.date(1970, 1, 1)).days * DAY - SHANGHAI


def end_of_working_day(start, count, calendar):
    date = date_of(start)
    while count > 0:
        date += datetime.timedelta(days=1)
        weekend = date.weekday() >= 5
        name = date.isoformat()
        if name in calendar["workdays"] or not (weekend or name in calendar["holidays"]):
            count -= 1
    return midnight(date) + DAY


def hours(figure):
    return figure["hours"] * HOUR


class Complaint:
    """What is remembered of one complaint (section 1), and its four fields."""

    def __init__(self, policy, leaf):
        """Begins with `submitted`."""
        require(leaf["kind"] == "submitted" and leaf["by"] == "buyer", "a chain that begins without a submission")
        require(PARAMETERS["submitted"](leaf["p"]), "parameters that its kind does not have")
        require(leaf["on"] == leaf["at"], "took effect at another instant than it was appended")
        require(leaf["p"]["category"] in policy["categories"], "a category of no policy")
        require(("m" in leaf["p"]) == (policy.get("index") == "merchants"), "the tag of its merchant, or none")
        self.policy, self.seq = policy, 0
        self.authors = ["buyer"]
        self.state = self.holder = self.due = self.rule = self.usual = None
        self.sought = leaf["p"].get("remedySought", {}).get("kind")
        self.better = self.enforced = self.handoffs = self.epoch = 0
        self.answer = self.offer = self.remedy = self.review = self.shipped = self.received = None
        self.officer = self.desk = self.handoff = self.ruling = self.refusal = self.closed = self.appealing = None
        self.assigned = self.disputed = self.return_disputed = self.final = self.human = self.rated = self.followed = False
        self.ruled_by, self.appeals, self.reopened, self.asked, self.redacted = [], set(), set(), [], set()
        self.lapsing, self.refused_erasures = False, set()
        # Retention: all up to this step was erased; the hold's end, or True without one.
        self.erased_through, self.erased_by_person, self.hold = -1, False, None
        self.nudges, self.nudged_at = 0, None
        self.keys = {leaf["p"]["device"]["key"]} if "device" in leaf["p"] else set()
        self.statements, self.statements_asked = {}, {"merchant": 0, "platform": 0}
        self.to_merchant(leaf["on"])
        self.whole_case(leaf["on"])

    @property
    def fields(self):
        return {"state": self.state, "holder": self.holder, "due": self.due, "rule": self.rule}

    # --- Entering (section 3).
    def stay(self, state, holder, on, clause):
        """Begins a stay whose clock is `times.CLAUSE`."""
        self.state, self.entered = state, self.seq
        self.extended, self.missed, self.notices, self.paused, self.asked_from = False, 0, [], None, None
        self.nudges = 0
        self.clock(holder, on, clause)

    def clock(self, holder, on, clause):
        self.holder, self.usual = holder, None
        self.rule = "times." + clause
        self.due = on + hours(self.policy["times"][clause])
        surge = self.surge(on) if clause in WAITING - {"appeal_review", "fulfilment"} | {
            "evidence_requested", "fulfilment_goods"} else None
        if surge:
            self.usual, self.due, self.rule = self.due, self.due + hours(surge), self.rule + "+surge"

    def surge(self, on):
        if self.appealing or (self.remedy and self.remedy["kind"] not in GOODS):
            return None
        today = date_of(on).isoformat()
        return next((each for each in self.policy.get("surges", []) if each["from"] <= today <= each["until"]), None)

    def to_merchant(self, on):
        self.stay("awaiting_merchant", "merchant", on, "awaiting_merchant")
        self.answer = self.offer = None

    def to_review(self, on, cause):
        self.stay("platform_review", "platform", on, "platform_review")
        enforces = self.remedy is not None and self.remedy["source"] == "ruling"
        self.review = {"cause": cause, "enforcement": enforces, "pauses": 0}
        self.assigned, self.handoff, self.closed = self.officer is not None, None, None

    def to_remedy(self, on, terms, source):
        self.remedy = {"by": None, **terms, "source": source}
        self.offer, self.disputed, self.closed = None, False, None
        kind, owed_by = terms["kind"], terms["owedBy"]
        if kind in RETURNED and self.shipped is None:
            self.stay("awaiting_return", "buyer", on, "awaiting_return")
        else:
            self.stay("fulfilment", owed_by, on, "fulfilment_money" if kind in MONEY else "fulfilment_goods")
            if self.remedy["by"] is not None and self.remedy["by"] > on:
                self.due, self.usual, self.rule = self.remedy["by"], None, "promised"

    def to_appeal(self, on):
        self.appealing = "refusal" if self.state == "refused" else "ruling"
        self.stay("appeal_review", "platform", on, "supervisor")
        days = self.policy["times"]["appeal_review"]["workingDays"]
        self.due, self.rule = end_of_working_day(on, days, self.policy["calendar"]), "times.appeal_review"
        self.review = {"cause": "escalated", "enforcement": False, "pauses": 0}
        self.officer = self.desk = self.handoff = self.closed = None
        self.assigned = False

    def end(self, on, state):
        self.state, self.entered, self.closed = state, self.seq, on
        self.holder = self.due = self.usual = self.rule = self.paused = self.asked_from = None
        self.notices, self.appealing, self.rated, self.followed, self.handoff = [], None, False, False, None
        self.statements = {}

    def whole_case(self, on):
        """The whole-case clock runs while the complaint is open, anew once it is opened again."""
        runs = "total" in self.policy and self.state in OPEN
        self.total, self.total_missed = on + hours(self.policy["total"]) if runs else None, False

    # --- Conditions of several kinds (section 6).
    @property
    def stuck(self):
        """A supervisor missed it too."""
        return self.holder == "supervisor" and self.missed >= 2

    @property
    def owed(self):
        return self.review is not None and self.review["enforcement"] and self.enforced >= 2

    def within(self, start, window, at):
        return start is not None and at < start + hours(self.policy["windows"][window])

    def keeps_cap(self, terms, at):
        if terms.get("by") is None:
            return True
        cap = "promise_money" if terms["kind"] in MONEY else "promise_goods"
        return at < terms["by"] <= at + hours(self.policy["caps"][cap])

    @property
    def notified(self):
        rule = self.policy["lapse"]
        days = {date_of(at) for at in self.notices}
        return len(self.notices) >= rule["notices"]["count"] and len(days) >= rule["days"]["count"]

    # --- The next leaf.
    def follow(self, leaf):
        """Folds one leaf, or says by Wrong why it may not stand here. Its own four fields are not read."""
        kind, by = leaf["kind"], leaf["by"]
        require(PARAMETERS.get(kind, NOTHING)(leaf["p"]), "parameters that its kind does not have")
        if kind in CLOCK:
            self.require_clock(leaf)
        else:
            require(kind in WHERE, "a kind that is not in the list")
            require(leaf["on"] == leaf["at"], "took effect at another instant than it was appended")
            due = self.next_due
            passed = due is not None and leaf["at"] >= due
            require(not passed and not self.lapsing, "a deadline had passed, and no step says so")
            require(self.state in WHERE[kind].get(by, ()), "not this party's step in this state")
            require(by in ("merchant", "platform", "supervisor") or leaf["who"] is None, "a person where none is named")
            allowed = getattr(self, "may_" + kind, None)
            require(allowed is None or allowed(leaf["p"], leaf), "the conditions of its kind do not hold")
        self.seq += 1
        self.authors.append(by)
        was_open = self.state in OPEN
        change = getattr(self, "do_" + kind, None)
        if change:
            change(leaf["p"], leaf)
        if was_open != (self.state in OPEN):
            self.whole_case(leaf["on"])
        return self.fields

    # --- The clock (section 5).
    def require_clock(self, leaf):
        kind, p = leaf["kind"], leaf["p"]
        require(leaf["by"] == "system" and leaf["auto"] and leaf["who"] is None, "a step of the clock by somebody")
        due = self.next_due
        require(due is not None, "a step of the clock where none runs")
        require(leaf["on"] == due <= leaf["at"], "a step of the clock that is not of the instant due")
        side = self.side_due == due
        whole = side and self.total_due == due
        require(side == (kind in ("total_missed", "statement_absent")) and whole == (kind == "total_missed"),
                "of two clocks the other one")
        require(not whole or p == {"party": self.holder, "due": due}, "another party or instant than was due")
        if kind == "statement_absent":
            of = min(seq for seq, asked in self.statements.items() if asked["due"] == due)
            require(p == {"party": self.statements[of]["party"], "of": of, "due": due}, "another statement than was due")
        require(self.lapsing == (kind == "lapsed"), "a lapse and its miss belong together")
        if kind == "evidence_absent":
            require(self.state == "evidence_requested" and p == {"party": self.asked_from, "due": self.due},
                    "nobody was asked for evidence")
        if kind == "deadline_missed":
            require(self.state != "evidence_requested", "the time for evidence has its own step")
            require(p["party"] == self.holder and p["due"] == self.due, "another party or instant than was due")
            may_lapse = self.state in {"awaiting_buyer", "awaiting_return", "awaiting_confirmation"} and self.notified
            require(may_lapse or "lapses" not in p, "a lapse without its notices")
        if kind == "lapsed":
            after = {"awaiting_buyer": self.answer, "awaiting_return": "return", "awaiting_confirmation": "proof"}
            require(p["after"] == after[self.state], "a lapse after something else")

    @property
    def side_due(self):
        """The instant of the clocks beside the holder's."""
        awaited = [each["due"] for each in self.statements.values()]
        return None if self.lapsing else min(awaited + [each for each in [self.total_due] if each is not None], default=None)

    @property
    def total_due(self):
        return None if self.total_missed else self.total

    @property
    def next_due(self):
        running = [each for each in (None if self.stuck else self.due, self.side_due) if each is not None]
        return min(running, default=None)

    def do_total_missed(self, p, leaf):
        self.total_missed = True

    def may_interim_reported(self, p, leaf):
        cap = self.policy["caps"].get("interim", self.policy.get("total"))
        on_behalf = self.holder in ("buyer", "both") and leaf["by"] != "merchant"
        if self.total is None or not (self.holder == leaf["by"] or on_behalf) or p["firstDue"] != self.total:
            return False
        return max(leaf["at"], self.total) < p["due"] <= leaf["at"] + hours(cap)

    def do_interim_reported(self, p, leaf):
        self.total, self.total_missed = p["due"], False

    def may_statement_requested(self, p, leaf):
        rule = self.policy.get("statements")
        if rule is None or p["due"] != leaf["at"] + hours(rule):
            return False
        return self.statements_asked["merchant" if leaf["by"] == "merchant" else "platform"] < rule["count"]

    def do_statement_requested(self, p, leaf):
        self.statements[self.seq] = p
        self.statements_asked["merchant" if leaf["by"] == "merchant" else "platform"] += 1

    def may_statement_given(self, p, leaf):
        asked = self.statements.get(p["of"])
        return asked is not None and asked["party"] == p["party"]

    def do_statement_given(self, p, leaf):
        del self.statements[p["of"]]

    do_statement_absent = do_statement_given

    def may_nudged(self, p, leaf):
        rule = self.policy.get("nudges")
        if rule is None or self.holder in ("buyer", "both") or p["count"] != self.nudges + 1:
            return False
        return self.nudged_at is None or leaf["at"] >= self.nudged_at + hours(rule)

    def do_nudged(self, p, leaf):
        self.nudges, self.nudged_at = p["count"], leaf["on"]
        if self.state in REVIEWS and self.nudges >= self.policy["nudges"]["count"]:
            self.holder = "supervisor"

    def do_deadline_missed(self, p, leaf):
        on = leaf["on"]
        if p.get("lapses"):
            self.missed, self.lapsing = self.missed + 1, True
        elif self.state in REVIEWS:
            self.missed += 1
            if self.missed == 1:
                self.clock("supervisor", on, "supervisor")
                self.extended = False
        elif self.state == "fulfilment":
            owed_by = self.remedy["owedBy"]
            self.to_review(on, "missed")
            if owed_by == "platform":
                self.clock("supervisor", on, "supervisor")
                self.missed = 1
        else:
            self.to_review(on, "silence" if self.state == "awaiting_merchant" else "unreached")

    def do_evidence_absent(self, p, leaf):
        self.resume(leaf["on"])

    def do_lapsed(self, p, leaf):
        self.lapsing = False
        self.end(leaf["on"], "closed_lapsed")

    # --- Answers and offers.
    def may_answer(self, p, leaf):
        first = self.state == "awaiting_merchant"
        enforces = self.state == "platform_review" and self.review["enforcement"]
        if not first and (enforces or self.better >= self.policy["limits"]["better_offers"]["count"]):
            return False
        if p["answer"] == "reject":
            return "offer" not in p and "ground" in p
        offer = p.get("offer")
        empty = offer is None or (offer["kind"] == "apology" and self.sought in MONEY)
        return not empty and "ground" not in p and offer["owedBy"] == "merchant" and self.keeps_cap(offer, leaf["at"])

    def may_merchant_responded(self, p, leaf):
        if not self.may_answer(p, leaf):
            return False
        if p["answer"] == "reject":
            return not leaf["auto"] and self.state == "awaiting_merchant"
        meets = p["offer"]["meetsSought"]
        return (not meets or p["offer"]["kind"] == self.sought) and (meets or not leaf["auto"])

    def do_merchant_responded(self, p, leaf):
        offer = p.get("offer")
        first = self.state == "awaiting_merchant"
        self.answer = "offer" if offer else "rejection"
        self.offer = {**offer, "seq": self.seq} if offer else None
        if not first:
            self.better += 1
        elif offer and offer["meetsSought"] and offer["kind"] not in RETURNED:
            self.to_remedy(leaf["on"], terms_of(offer), "offer")
        else:
            self.stay("awaiting_buyer", "buyer", leaf["on"], "awaiting_buyer")

    def may_automated_reply(self, p, leaf):
        return leaf["auto"] and self.may_answer(p, leaf)

    def may_offer_accepted(self, p, leaf):
        late = self.state == "closed_lapsed" and not self.within(self.closed, "offer_after_lapse", leaf["at"])
        return not late and self.offer is not None and p["offer"] == self.offer["seq"]

    def do_offer_accepted(self, p, leaf):
        self.to_remedy(leaf["on"], terms_of(self.offer), "offer")

    def may_offer_refused(self, p, leaf):
        return self.offer is not None

    def do_offer_refused(self, p, leaf):
        self.offer = None
        if self.state == "awaiting_buyer":
            self.to_review(leaf["on"], "offer_refused")

    def do_escalated(self, p, leaf):
        self.to_review(leaf["on"], "escalated")

    # --- Officers and evidence.
    def is_impartial(self, leaf):
        return self.appealing is None or leaf["who"] is None or leaf["who"] not in self.ruled_by

    def may_officer_assigned(self, p, leaf):
        return self.is_impartial(leaf) and p["handoff"] == self.assigned

    def do_officer_assigned(self, p, leaf):
        self.count_handoffs(1 if p["handoff"] else 0)
        self.officer, self.assigned, self.handoff = leaf["who"], True, None
        self.desk = p.get("desk", self.desk)

    def count_handoffs(self, more):
        self.handoffs += more
        if self.handoffs >= self.policy["limits"]["handoffs"]["count"]:
            if self.paused:
                self.paused["holder"] = "supervisor"
            else:
                self.holder = "supervisor"

    def may_handoff_offered(self, p, leaf):
        return self.holder != "supervisor"

    def do_handoff_offered(self, p, leaf):
        self.count_handoffs(1)
        self.handoff = p["desk"]

    def may_handoff_accepted(self, p, leaf):
        return self.handoff is not None and self.handoff == p["desk"] and self.is_impartial(leaf)

    def do_handoff_accepted(self, p, leaf):
        self.handoff, self.officer, self.assigned, self.desk = None, leaf["who"], True, p["desk"]

    def may_evidence_requested(self, p, leaf):
        room = self.review["pauses"] < self.policy["limits"]["pausing_requests"]["count"]
        return p["pauses"] == (room and not self.stuck)

    def do_evidence_requested(self, p, leaf):
        if not p["pauses"]:
            return
        on = leaf["on"]
        kept = ("state", "holder", "rule", "entered", "extended", "missed")
        paused = {name: getattr(self, name) for name in kept}
        paused["remaining"] = self.due - on
        paused["usual"] = None if self.usual is None else self.usual - on
        self.stay("evidence_requested", p["from"], on, "evidence_requested")
        self.paused, self.asked_from = paused, p["from"]
        self.review["pauses"] += 1

    def resume(self, on):
        before = self.paused
        for name in ("state", "holder", "rule", "entered", "extended", "missed"):
            setattr(self, name, before[name])
        self.due = on + before["remaining"]
        self.usual = None if before["usual"] is None else on + before["usual"]
        self.paused, self.asked_from, self.notices = None, None, []

    def may_evidence_supplied(self, p, leaf):
        return p["asked"] == (leaf["by"] in ("buyer", "merchant") and self.asked_from in (leaf["by"], "both"))

    def do_evidence_supplied(self, p, leaf):
        if not p["asked"]:
            return
        if self.asked_from == "both":
            self.asked_from = self.holder = "merchant" if leaf["by"] == "buyer" else "buyer"
        else:
            self.resume(leaf["on"])

    # --- Rulings and appeals.
    def may_rule(self, p, leaf):
        remedy = p.get("remedy")
        if leaf["who"] is None or (leaf["auto"] and self.human):
            return False
        return not (self.owed and self.review["cause"] == "missed") and (not remedy or self.keeps_cap(remedy, leaf["at"]))

    def may_ruled(self, p, leaf):
        if not self.may_rule(p, leaf) or p["enforcement"] != self.review["enforcement"]:
            return False
        if not p["enforcement"]:
            return True
        remedy = p.get("remedy")
        if not remedy:
            return self.review["cause"] != "missed"
        platform = self.enforced == 1 or self.remedy["owedBy"] == "platform"
        good = remedy["kind"] == self.remedy["kind"] and not self.owed
        return good and (not platform or remedy["owedBy"] == "platform")

    def do_ruled(self, p, leaf):
        remedy = p.get("remedy")
        dated = p["enforcement"] and remedy is not None
        if dated and self.review["cause"] != "return_disputed":
            self.enforced += 1
        if not (dated and self.ruling):
            self.ruling = {"seq": self.seq, "at": leaf["at"]}
        self.conclude(leaf, remedy)

    def conclude(self, leaf, remedy):
        self.ruled_by.append(leaf["who"])
        if remedy:
            self.to_remedy(leaf["on"], remedy, "ruling")
        else:
            self.remedy = None
            self.end(leaf["on"], "closed_ruled")

    def may_appealed(self, p, leaf):
        party, at = leaf["by"], leaf["at"]
        joined = self.state == "appeal_review"
        about = self.refusal if self.state == "refused" else self.ruling
        if party in self.appeals or p["joined"] != joined or p["of"] != (about["seq"] if about else 0):
            return False
        if joined:
            return True
        ended = self.state in ("refused", "closed_ruled")
        ruled = self.remedy is not None and self.remedy["source"] == "ruling"
        in_time = about is not None and self.within(about["at"], "appeal", at)
        return not self.final and (ended or ruled) and in_time

    def do_appealed(self, p, leaf):
        self.appeals.add(leaf["by"])
        if not p["joined"]:
            self.to_appeal(leaf["on"])

    def may_appeal_ruled(self, p, leaf):
        if not self.may_rule(p, leaf) or not self.is_impartial(leaf):
            return False
        if self.appealing == "refusal":
            return "remedy" not in p and p.get("granted") == (p["outcome"] != "for_merchant")
        restated = p["outcome"] == "for_merchant" or "remedy" in p or self.remedy is None
        return "granted" not in p and restated

    def do_appeal_ruled(self, p, leaf):
        self.appealing = None
        if p.get("granted"):
            self.ruled_by.append(leaf["who"])
            self.to_merchant(leaf["on"])
            self.officer = None
            return
        self.final, self.enforced, self.ruling = True, 0, {"seq": self.seq, "at": leaf["at"]}
        self.conclude(leaf, p.get("remedy"))

    def may_refused(self, p, leaf):
        enforces = self.state == "platform_review" and self.review["enforcement"]
        return not leaf["auto"] and leaf["who"] is not None and self.refusal is None and not enforces

    def do_refused(self, p, leaf):
        self.refusal = {"seq": self.seq, "at": leaf["at"]}
        self.ruled_by.append(leaf["who"])
        self.end(leaf["on"], "refused")

    # --- Returns, fulfilment, ends.
    def do_return_shipped(self, p, leaf):
        self.stay("fulfilment", self.remedy["owedBy"], leaf["on"], "fulfilment_after_shipment")
        self.shipped, self.received, self.return_disputed = leaf["on"], None, False

    def may_return_received(self, p, leaf):
        return self.shipped is not None and self.received is None

    def do_return_received(self, p, leaf):
        self.received = leaf["on"]
        due = leaf["on"] + hours(self.policy["times"]["fulfilment_after_receipt"])
        if self.rule == "times.fulfilment_after_shipment" and due < self.due:
            self.due, self.rule = due, "times.fulfilment_after_receipt"

    def may_return_disputed(self, p, leaf):
        return self.shipped is not None and not self.return_disputed

    def do_return_disputed(self, p, leaf):
        self.to_review(leaf["on"], "return_disputed")
        self.return_disputed = True

    def may_fulfilled(self, p, leaf):
        if self.state == "platform_review":
            cause = self.review["cause"]
            if cause != "missed" and not (self.owed and cause != "unreached"):
                return False
        return not (leaf["by"] == "merchant" and self.remedy and self.remedy["owedBy"] == "platform")

    def do_fulfilled(self, p, leaf):
        self.stay("awaiting_confirmation", "buyer", leaf["on"], "awaiting_confirmation")
        if self.remedy and self.remedy["kind"] in GOODS:
            self.shipped = self.received = None

    def do_confirmed(self, p, leaf):
        self.end(leaf["on"], "closed_confirmed")

    def may_disputed(self, p, leaf):
        return not self.disputed

    def do_disputed(self, p, leaf):
        self.to_review(leaf["on"], "disputed")
        self.disputed = True

    def do_withdrawn(self, p, leaf):
        self.end(leaf["on"], "closed_withdrawn")

    def may_reopened(self, p, leaf):
        after = {"closed_confirmed": "confirmation", "closed_lapsed": "lapse", "closed_withdrawn": "withdrawal"}
        fresh = p["after"] not in self.reopened and self.within(self.closed, "reopening", leaf["at"])
        return p["after"] == after[self.state] and fresh

    def do_reopened(self, p, leaf):
        self.reopened.add(p["after"])
        self.to_review(leaf["on"], "reopened")

    # --- What moves nothing but itself.
    def may_deadline_extended(self, p, leaf):
        holds = self.holder == leaf["by"] or (self.holder == "both" and leaf["by"] == "merchant")
        fresh = not self.extended and self.missed == 0 and leaf["at"] < self.due and p["firstDue"] == self.due
        return holds and fresh and self.due < p["due"] <= self.latest_extension()

    def latest_extension(self):
        times = self.policy["times"]
        if self.state == "appeal_review":
            return end_of_working_day(self.due - 1, times["appeal_review"]["workingDays"], self.policy["calendar"])
        clause = self.rule.removeprefix("times.").removesuffix("+surge")
        if clause == "promised":
            clause = "fulfilment_money" if self.remedy["kind"] in MONEY else "fulfilment_goods"
        return self.due + (0 if clause == "appeal_review" else hours(times[clause]))

    def do_deadline_extended(self, p, leaf):
        self.due, self.extended = p["due"], True

    def may_notice_sent(self, p, leaf):
        return "proof" not in p or {"smsVendor", "smsId", "smsDigest"} <= leaf["d"].keys()

    def do_notice_sent(self, p, leaf):
        proved = "proof" in p or "proofs" not in self.policy["lapse"]
        if p["to"] == "buyer" and p["stay"] == self.entered and proved:
            self.notices.append(leaf["at"])

    def may_human_requested(self, p, leaf):
        return not self.human

    def do_human_requested(self, p, leaf):
        self.human = True

    def may_key_bound(self, p, leaf):
        return len(self.keys) < 8 and p["key"] not in self.keys

    def do_key_bound(self, p, leaf):
        self.keys.add(p["key"])

    def may_key_retired(self, p, leaf):
        return p["key"] in self.keys and p["until"] - leaf["at"] in (0, DAY)

    def may_conduct_reported(self, p, leaf):
        return p["seq"] <= self.seq

    def may_rated(self, p, leaf):
        return not self.rated

    def do_rated(self, p, leaf):
        self.rated = True

    def may_followed_up(self, p, leaf):
        return not self.followed and leaf["at"] >= self.closed + 7 * DAY

    def do_followed_up(self, p, leaf):
        self.followed = True

    def may_link_rotated(self, p, leaf):
        return self.epoch < 3 and p["epoch"] == self.epoch + 1

    def do_link_rotated(self, p, leaf):
        self.epoch = p["epoch"]

    # --- Erasure.
    def requests(self, p):
        return [each for each in self.asked if (each["seq"], each["field"]) == (p["seq"], p["field"])]

    def basis(self, p, leaf):
        requests = self.requests(p)
        if p["seq"] <= self.seq and any(each["by"] == self.authors[p["seq"]] for each in requests):
            return "author"
        if self.closed is not None and not self.within(self.closed, "appeal", leaf["at"]):
            return "window_closed"
        others = [each for each in requests if each["by"] == "supervisor" and each["who"] != leaf["who"]]
        return "supervisors" if leaf["by"] == "supervisor" and others else None

    def held(self, at):
        return self.hold is True or (self.hold is not None and at < self.hold)

    def erased(self, p):
        return p["seq"] <= self.erased_through or (p["seq"], p["field"]) in self.redacted

    def all_erased(self):
        return self.erased_through >= 0 and self.seq <= self.erased_through + 1

    def unanswered(self, p):
        return not self.erased(p) and (p["seq"], p["field"]) not in self.refused_erasures

    def may_redaction_requested(self, p, leaf):
        requests = self.requests(p)
        if self.held(leaf["at"]):
            return False
        if p["field"] == "*":
            waiting = any(each["field"] == "*" and each["by"] == "buyer" and self.unanswered(each) for each in self.asked)
            return leaf["by"] == "buyer" and p["seq"] == self.seq and not self.all_erased() and not waiting
        if self.erased(p):
            return False
        if p["seq"] > self.seq or any(each["by"] == leaf["by"] for each in requests):
            return False
        if leaf["by"] == "buyer":
            return True
        return self.basis(p, leaf) is None and leaf["who"] is not None and not leaf["auto"]

    def do_redaction_requested(self, p, leaf):
        self.asked.append({**p, "who": leaf["who"], "by": leaf["by"]})

    def may_redacted(self, p, leaf):
        if self.held(leaf["at"]):
            return False
        if leaf["by"] == "system":
            days = self.policy.get("retention", {}).get("afterEndDays")
            over = days is not None and leaf["at"] >= max(self.closed + days * DAY, self.hold or 0)
            more = not self.all_erased() or self.erased_by_person
            return over and more and leaf["auto"] and leaf["who"] is None and p == {
                "seq": self.seq, "field": "*", "basis": "retention"}
        person = leaf["who"] is not None and not leaf["auto"]
        if p["field"] == "*":
            over = self.closed is not None and not self.within(self.closed, "appeal", leaf["at"])
            return person and over and leaf["by"] == "supervisor" and not self.all_erased() and p == {
                "seq": self.seq, "field": "*", "basis": "window_closed"}
        fresh = p["seq"] <= self.seq and not self.erased(p)
        return fresh and person and p["basis"] == self.basis(p, leaf)

    def may_redaction_refused(self, p, leaf):
        place = (p["seq"], p["field"])
        asked = any(each["by"] == "buyer" for each in self.requests(p))
        answered = self.erased(p) or place in self.refused_erasures
        return asked and not answered and leaf["who"] is not None and not leaf["auto"]

    def do_redaction_refused(self, p, leaf):
        self.refused_erasures.add((p["seq"], p["field"]))

    def do_redacted(self, p, leaf):
        if p["field"] == "*":
            self.erased_through = p["seq"]
            self.erased_by_person = p["basis"] != "retention"
        else:
            self.redacted.add((p["seq"], p["field"]))

    # --- Legal hold.
    def may_legal_hold_set(self, p, leaf):
        person = leaf["who"] is not None and not leaf["auto"]
        return person and self.erased_through < 0 and p.get("until", leaf["at"] + 1) > leaf["at"]

    def do_legal_hold_set(self, p, leaf):
        self.hold = p.get("until", True)

    def may_legal_hold_released(self, p, leaf):
        return self.held(leaf["at"]) and leaf["who"] is not None and not leaf["auto"]

    def do_legal_hold_released(self, p, leaf):
        self.hold = None


def terms_of(offer):
    return {name: offer[name] for name in ("kind", "owedBy", "by", "freightPaidBy") if name in offer}


def hash_of(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


class Log:
    """All chains of a log, or of one complaint: positions, hashes, times and the fold, leaf by leaf."""

    def __init__(self, read_leaf, policies):
        """`read_leaf` reads canonical bytes; `policies` are documents by their hash."""
        self.read_leaf, self.ends, self.complaints, self.at = read_leaf, {}, {}, 0
        self.policies = {}
        # Digests of the platform's rules that were adopted, by their code in order of versions; a receipt gives its own.
        self.rules, self.versions = set(), {}
        for name, document in policies.items():
            require(hash_of(document.encode()) == name, "a policy document of another hash")
            self.policies[name] = json.loads(document)

    def append(self, data):
        """The leaf as it was read, and the four fields that belong to it."""
        leaf = self.read_leaf(data)
        seq, prev = self.ends.get(leaf["c"], (-1, None))
        require(leaf["seq"] == seq + 1 and leaf["prev"] == prev, "does not follow the leaf before it in its chain")
        require(leaf["at"] >= self.at, "dated before the leaf in front of it")
        self.ends[leaf["c"]] = (leaf["seq"], hash_of(b"\0" + data))
        self.at = leaf["at"]
        return leaf, self.fold(leaf)

    def adopt(self, code=None, version=None, digest=None, **more):
        require(isinstance(code, str) and is_hash(digest) and not more, "adopts no rule")
        require(version == self.versions.get(code, 0) + 1, "adopts a rule in a version that does not follow")
        self.versions[code] = version
        self.rules.add(digest)

    def fold(self, leaf):
        c = leaf["c"]
        if c is None:
            kinds = ("log_opened", "key_added", "key_retired", "policy_adopted", "rule_adopted",
                     "party_key_added", "party_key_retired", "signing_demanded", "signing_released")
            require(leaf["kind"] in kinds and leaf["by"] == "system", "a kind that the log's own chain does not have")
            if leaf["kind"] == "rule_adopted":
                self.adopt(**leaf["p"])
            return dict.fromkeys(("state", "holder", "due", "rule"))
        # Its author's signature (docs/log.md, section 11) is no parameter of the rules.
        leaf = {**leaf, "p": {name: value for name, value in leaf["p"].items() if name != "signed"}}
        cited = leaf["p"].get("cites")
        require(cited is None or is_citation(cited) and self.rules.issuperset(cited.split(" ")),
                "cites a rule that no leaf before has adopted")
        known = self.complaints.get(c)
        if known:
            require(leaf["policy"] == known[0], "under another policy than its submission")
            return known[1].follow(leaf)
        require(leaf["policy"] in self.policies, "under a policy that is not given")
        require(re.fullmatch(r"[A-Za-z0-9_-]{21}[AQgw]", c) and "id" in leaf["d"], "a tag or id that is none")
        complaint = Complaint(self.policies[leaf["policy"]], leaf)
        self.complaints[c] = (leaf["policy"], complaint)
        return complaint.fields
