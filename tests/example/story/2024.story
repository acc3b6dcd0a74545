# The second year: a new General Counsel, a data protection officer, exceptions, delegations, two review rounds.

@ 2024-01-09 10:30 ben signed via=viktor: Sofia Lang is our data protection officer
replace people.deed.yaml
  -   eve:
  -     name: Eve Laurent
  +   sofia:
  +     name: Sofia Lang
  +     emails: [sofia@acmepay.example]
  +     joined: 2024-01-08
  +     keys:
  +       - { key: "<key:sofia-1>", from: 2024-01-08 }
  +   eve:
  +     name: Eve Laurent
replace roles.deed.yaml
  -   # ---- Heads of department ----
  +   dpo:
  +     title: Data Protection Officer
  +     layer: isms
  +     held_by: sofia
  +     deputy: cleo
  +     reports_to: ceo
  +     responsibilities: [advises on personal data, speaks with the authority]
  +
  +   # ---- Heads of department ----
@ 2024-01-11 09:25 sofia signed: Acknowledge the DPO role
ack

@ 2024-01-29 11:15 ben signed via=cleo: Nora Haddad joins as internal security assessor
replace people.deed.yaml
  -   # ---- Heads of department ----
  +   nora:
  +     name: Nora Haddad
  +     emails: [nora@acmepay.example]
  +     joined: 2024-01-29
  +     keys:
  +       - { key: "<key:nora-1>", from: 2024-01-29 }
  +
  +   # ---- Heads of department ----
add roles.deed.yaml roles
  pci-assessor:
    title: PCI Internal Security Assessor
    layer: audit
    held_by: nora
    reports_to: ceo
    responsibilities: [assesses the cardholder environment before the outside assessor does]
@ 2024-02-02 10:00 nora signed: Acknowledge the assessor role
ack

@ 2024-02-12 09:30 tomas signed: Renew R-1 and R-9
accept R-1 until 2024-08-09 "tokenisation is live, the old endpoint goes in June"
accept R-9 until 2025-01-31 "schema changes need a fraud analyst's review"
@ 2024-02-19 16:45 mei signed: Renew acceptances in technology
accept R-2 until 2025-02-14 "backups are tested yearly"
accept R-4 until 2025-02-14 "300 old terminals left"
accept R-5 until 2025-02-14 "second region is warm, not hot"
accept R-8 until 2025-02-14 "keys never leave the processor's HSMs"
accept R-10 until 2025-02-14 "vault for shared passwords is in place"
accept R-12 until 2025-02-14 "peak load is rented by the hour"
@ 2024-02-20 10:05 jonas signed: Renew R-6
accept R-6 until 2025-02-14 "four eyes above 500 euros"
@ 2024-02-20 12:00 yuki signed: Renew R-7
accept R-7 until 2025-02-14 "scanner runs on every push"
@ 2024-02-21 09:12 idris signed: Renew R-3
accept R-3 until 2025-02-14 "hardware keys for production"

@ 2024-02-27 14:30 ben signed via=cleo: Marco Conti follows Helen Byrne as General Counsel
| Helen's last day is 29 February, Marco's first is 1 March.
replace people.deed.yaml
  -             keys: [{ key: "<key:helen-1>", from: 2023-01-16 }] }
  +             keys: [{ key: "<key:helen-1>", from: 2023-01-16, until: 2024-02-29 }], left: 2024-02-29 }
  +   marco:  { name: Marco Conti, emails: [marco@acmepay.example], joined: 2024-03-01,
  +             keys: [{ key: "<key:marco-1>", from: 2024-03-01 }] }
set roles.head-of-legal.held_by marco
@ 2024-03-04 10:20 marco signed: Acknowledge the role and take on Legal's controls
ack
take owned

@ 2024-03-11 09:50 sofia signed: Policies on classification and data protection
put policies/data-classification.md
put policies/data-protection.md
add policies.deed.yaml policies
  data-classification:
    title: Data classification policy
    document: policies/data-classification.md
    author: kofi
    owner: head-of-payments
    version: "1"
    classification: internal
    review: 12mo
  data-protection:
    title: Data protection policy
    document: policies/data-protection.md
    author: sofia
    owner: head-of-legal
    version: "1"
    classification: internal
    review: 12mo
@ 2024-03-18 11:30 aisha signed: Approve the data classification policy
approve data-classification
@ 2024-03-18 18:00 ada signed: Approve the data protection policy
approve data-protection

@ 2024-04-08 10:10 ben signed: Information security policy, version 2
| The executive committee wants the reporting culture in writing.
replace policies/information-security.md
  - Everybody follows the topic policies below this one, reports what looks wrong to the security operations centre without
  - delay and without fear of blame, and takes part in the yearly training. Exceptions are granted in the register, with an
  - end date, before the rule is broken and not after.
  + Everybody follows the topic policies below this one, reports what looks wrong to the security operations centre without
  + delay and without fear of blame, and takes part in the yearly training. Whoever reports a mistake of their own in good
  + faith is thanked, not punished. Exceptions are granted in the register, with an end date, before the rule is broken and
  + not after.
set policies.information-security.version "2"
@ 2024-04-15 17:40 ada signed: Approve the information security policy, version 2
approve information-security
set policies.information-security.communicated { date: $today, to: everybody }
@ 2024-04-16 09:45 tomas signed: Yearly approval of the topic policies
| Read again, nothing to change.
approve access-control acceptable-use incident-response cryptography secure-development supplier-security physical-security

# Spring round.
@ 2024-05-13 09:05 chen signed: Spring review of IT's controls and risks
review owned
@ 2024-05-13 11:20 idris signed: Spring review
review owned
@ 2024-05-14 08:45 yuki signed: Spring review of engineering
review owned
@ 2024-05-14 10:30 marco signed: Spring review
review owned
@ 2024-05-14 14:12 greta signed: Spring review
review owned
@ 2024-05-15 09:55 paula signed: Spring review, both offices
review owned
@ 2024-05-15 13:40 dmitri signed: Spring review
review owned except A.5.22
@ 2024-05-16 10:15 aisha signed: Spring review
review owned
@ 2024-05-17 16:30 tomas signed: Spring review
review owned

@ 2024-06-03 13:25 cleo signed: Four new risks
| From the certification audit's observations and the spring workshops.
add risks.deed.yaml risks

  R-13:
    title: A dependency turns malicious
    owner: head-of-engineering
    inherent: { likelihood: 3, impact: 5 }
    treatment: mitigate
    controls: [A.8.25, A.8.28]
    residual: { likelihood: 2, impact: 4 }

  R-14:
    title: Somebody follows through the door in Dublin
    owner: head-of-facilities
    inherent: { likelihood: 4, impact: 2 }
    treatment: mitigate
    controls: [A.7.2, A.7.4]
    residual: { likelihood: 2, impact: 2 }

  R-15:
    title: The Berlin office is flooded
    owner: head-of-facilities
    inherent: { likelihood: 2, impact: 3 }
    treatment: mitigate
    controls: [A.7.5]
    residual: { likelihood: 1, impact: 3 }

  R-17:
    title: A fine for reporting an incident too late
    owner: head-of-legal
    inherent: { likelihood: 3, impact: 4 }
    treatment: mitigate
    controls: [A.5.5, A.5.24]
    residual: { likelihood: 2, impact: 3 }
@ 2024-06-06 09:20 yuki signed: Plan for R-13
approve R-13
@ 2024-06-06 10:10 paula signed: Plans for R-14 and R-15, and their residual risk
approve R-14 R-15
accept R-14 until 2026-05-31 "reception is staffed 8 to 18"
accept R-15 until 2026-05-31 "nothing of value stands on the floor"
@ 2024-06-07 11:45 marco signed: Plan for R-17, accept the rest
approve R-17
accept R-17 until 2025-05-31 "drafts are prepared in advance"
@ 2024-06-10 15:30 mei signed: Accept R-13
accept R-13 until 2025-05-31 "versions are pinned and mirrored"

@ 2024-06-18 18:20 ada signed: Management review, first half of 2024
put reviews/mr-2024-1.md
add reviews.deed.yaml reviews
  MR-2024-1:
    kind: management-review
    chair: ceo
    document: reviews/mr-2024-1.md
hold MR-2024-1

@ 2024-06-28 09:40 cleo signed via=ben: Joiners and leavers, second quarter
replace people.deed.yaml
  -   hugo:   { name: Hugo Petit, emails: [hugo@acmepay.example], joined: 2021-10-04 }
  +   hugo:   { name: Hugo Petit, emails: [hugo@acmepay.example], joined: 2021-10-04, left: 2024-06-28 }
replace people.deed.yaml
  -   uwe:    { name: Uwe Richter, emails: [uwe@acmepay.example], joined: 2022-09-05 }
  +   uwe:    { name: Uwe Richter, emails: [uwe@acmepay.example], joined: 2022-09-05 }
  +   alba:   { name: Alba Ruiz, emails: [alba@acmepay.example], joined: 2024-05-02 }
  +   tessa:  { name: Tessa Brown, emails: [tessa@acmepay.example], joined: 2024-06-03 }
set roles.head-of-legal.deputy alba
@ 2024-07-01 09:10 marco signed: Alba is my deputy now
ack

@ 2024-07-12 16:15 ada signed: Tomás stands in for me until mid August
put delegations.deed.yaml
  # Who may decide for whom, and how long. The task moves, the accountability stays.
  delegations:
    D-1:
      from: ceo
      to: coo
      authority: { accept_risk: critical, approve: [policies] }
      granted: { by: ada, date: 2024-07-12, until: 2024-08-16 }
@ 2024-08-05 10:40 tomas signed: Renew R-1
accept R-1 until 2025-01-31 "the old endpoint is switched off"

@ 2024-09-02 11:00 omar: Request an exception for the old fraud server
put exceptions.deed.yaml
  # Where a control is not followed for a while. Ask before, not after.
  exceptions:
    X-6:
      control: A.8.8
      reason: The fraud server's vendor no longer publishes updates; it is replaced in February.
      owner: head-of-it
      requested_by: omar
@ 2024-09-04 17:05 mei signed: Grant X-6 until the end of February
set exceptions.X-6.granted { by: $me, date: $today, until: 2025-02-28, note: "isolated network, no inbound traffic" }

@ 2024-09-24 16:00 eve signed: Internal audit 1/2024
put reviews/ia-2024-1.md
add reviews.deed.yaml reviews
  IA-2024-1:
    kind: internal-audit
    lead: internal-auditor
    document: reviews/ia-2024-1.md
    covers: ["4", "5", "6", "7", "8", "9", "10",
             A.5.1, A.5.2, A.5.3, A.5.4, A.5.5, A.5.6, A.5.7, A.5.8, A.5.9, A.5.10, A.5.11, A.5.12, A.5.13,
             A.5.14, A.5.15, A.5.16, A.5.17, A.5.18, A.5.19, A.5.20, A.5.21, A.5.22, A.5.23,
             A.6.1, A.6.2, A.6.3, A.6.4, A.6.5, A.6.6, A.6.7, A.6.8]
hold IA-2024-1

# Autumn round.
@ 2024-11-11 09:00 chen signed: Autumn review of IT's controls and risks
review owned
@ 2024-11-11 10:25 idris signed: Autumn review
review owned
@ 2024-11-12 09:35 yuki signed: Autumn review of engineering
review owned
@ 2024-11-12 11:02 marco signed: Autumn review
review owned
@ 2024-11-12 15:20 greta signed: Autumn review
review owned
@ 2024-11-13 08:50 paula signed: Autumn review, both offices
review owned
@ 2024-11-13 14:05 dmitri signed: Autumn review
review owned
@ 2024-11-14 10:45 aisha signed: Autumn review
review owned
@ 2024-11-15 17:10 tomas signed: Autumn review
review owned

@ 2024-11-25 10:00 cleo signed: Policies on backup, continuity and vulnerabilities
put policies/backup.md
put policies/business-continuity.md
put policies/vulnerability-management.md
add policies.deed.yaml policies
  backup:
    title: Backup policy
    document: policies/backup.md
    author: omar
    owner: head-of-it
    version: "1"
    classification: internal
    review: 12mo
  business-continuity:
    title: Business continuity policy
    document: policies/business-continuity.md
    author: lukas
    owner: coo
    version: "1"
    classification: internal
    review: 12mo
  vulnerability-management:
    title: Vulnerability management policy
    document: policies/vulnerability-management.md
    author: rosa
    owner: head-of-secops
    version: "1"
    classification: internal
    review: 12mo
@ 2024-12-02 09:30 tomas signed: Approve policies on backup and vulnerabilities
approve backup vulnerability-management
@ 2024-12-02 18:15 ada signed: Approve the continuity policy
approve business-continuity

@ 2024-12-10 18:50 ada signed: Management review, second half of 2024
put reviews/mr-2024-2.md
add reviews.deed.yaml reviews
  MR-2024-2:
    kind: management-review
    chair: ceo
    document: reviews/mr-2024-2.md
hold MR-2024-2

@ 2024-12-16 03:00 deed-bot: Indent theme 7 by four
| The new editor settings want it so. No value changes.
reindent controls/physical.deed.yaml
