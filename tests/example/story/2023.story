# The first year: a register, a Statement of Applicability, decisions, one review round.

@ 2023-01-16 09:12 ben signed: Start the ownership register
| Until now ownership lived in a spreadsheet that three people could open.
put README.md
put deed.yaml
put people.deed.yaml

@ 2023-01-17 11:40 ben signed via=viktor: Add departments and roles
| Taken from the organisation chart of December; authority as the executive
| committee decided on 9 January.
put roles.deed.yaml

@ 2023-01-18 08:55 viktor signed: Acknowledge my role
ack
@ 2023-01-18 09:20 ben signed: Acknowledge my role
ack
@ 2023-01-18 10:02 chen signed: I am Head of IT
ack
@ 2023-01-18 11:31 yuki signed: Acknowledge role
ack
@ 2023-01-18 13:15 idris signed: Acknowledge role
ack
@ 2023-01-18 15:48 eve signed: Acknowledge internal audit
ack
@ 2023-01-19 09:05 tomas signed: Acknowledge the COO role
ack
@ 2023-01-19 09:41 mei signed: Acknowledge the CTO role
ack
@ 2023-01-19 11:10 greta signed: Acknowledge role
ack
@ 2023-01-19 11:22 helen signed: Acknowledge role
ack
@ 2023-01-19 14:00 aisha signed: Acknowledge role
ack
@ 2023-01-19 16:37 paula signed: Acknowledge role
ack
@ 2023-01-20 09:00 dmitri signed: Acknowledge role
ack
@ 2023-01-20 09:18 omar: Acknowledge incident manager
ack
@ 2023-01-20 10:50 eva: Acknowledge vendor manager
ack
@ 2023-01-20 11:12 pavel: Acknowledge change manager
ack
@ 2023-01-20 11:40 lukas: Acknowledge BCM
ack
@ 2023-01-20 14:22 ingrid: Acknowledge role
ack
@ 2023-01-23 10:05 jonas signed: Acknowledge the CFO role
ack
@ 2023-01-23 17:30 ada signed: Acknowledge the CEO role
ack

@ 2023-01-30 17:45 ada signed: Adopt the federated model and approve the scope
| Minutes of the executive committee of 30 January, item 2.
set isms.adopted { by: $me, date: $today }
set isms.approved { by: $me, date: $today }

@ 2023-02-06 10:20 ben signed: Propose risk criteria
replace deed.yaml
  - evidence:
  -   branch: main
  + risk_criteria:
  +   likelihood: 5
  +   impact: 5
  +   levels: { low: 1, medium: 5, high: 10, critical: 17 }
  +   tolerance: medium
  +   max_acceptance: { low: 24mo, medium: 12mo, high: 6mo, critical: 3mo }
  +
  + evidence:
  +   branch: main

@ 2023-02-13 18:02 ada signed: Approve the risk criteria
approve risk_criteria

@ 2023-02-20 09:30 ben signed: First risk assessment
| Workshops of 7 to 16 February with all departments; twelve risks above the noise.
put risks.deed.yaml

@ 2023-02-23 10:10 chen signed: Approve treatment plans for R-2, R-4, R-5, R-8, R-10, R-12
approve R-2 R-4 R-5 R-8 R-10 R-12
@ 2023-02-23 14:25 aisha signed: Approve treatment plans
approve R-1 R-6 R-9
@ 2023-02-24 09:40 yuki signed: Approve treatment plan for R-7
approve R-7
@ 2023-02-24 11:05 idris signed: Approve treatment plan for R-3
approve R-3
@ 2023-02-24 15:30 dmitri signed: Approve treatment plan for R-11
approve R-11

@ 2023-03-02 16:10 mei signed: Accept the residual technology risks
accept R-2 until 2024-02-29 "backups are tested yearly"
accept R-4 until 2024-02-29 "terminals are replaced by the end of 2024"
accept R-5 until 2024-02-29 "second region is warm, not hot"
accept R-8 until 2024-02-29 "keys never leave the processor's HSMs"
accept R-10 until 2024-02-29 "vault for shared passwords is in place"
accept R-12 until 2024-02-29 "peak load is rented by the hour"
@ 2023-03-02 17:20 tomas signed: Accept R-1 and R-9
accept R-1 until 2023-08-31 "tokenisation is funded"
accept R-9 until 2024-02-29 "schema changes need a fraud analyst's review"
@ 2023-03-03 09:15 jonas signed: Accept R-6
accept R-6 until 2024-02-29 "four eyes above 500 euros"
@ 2023-03-03 10:45 yuki signed: Accept R-7
accept R-7 until 2024-02-29 "scanner runs on every push"
@ 2023-03-03 11:12 idris signed: Accept R-3
accept R-3 until 2024-02-29 "hardware keys are ordered"
@ 2023-03-03 15:00 dmitri signed: Accept R-11
accept R-11 until 2025-02-28 "three months of blank cards in stock"

@ 2023-03-08 14:05 ben signed: Statement of Applicability: themes 5 and 6
| Owners as agreed in the workshops. Nobody has accepted anything yet.
put controls/organizational.deed.yaml
put controls/people.deed.yaml

@ 2023-03-10 11:30 cleo signed: Statement of Applicability: themes 7 and 8
put controls/physical.deed.yaml
put controls/technological.deed.yaml

@ 2023-03-14 09:10 tomas signed: Take on my controls
take owned
@ 2023-03-14 10:00 chen signed: Take on IT's controls
| All 35 of them. We should talk about that.
take owned
@ 2023-03-14 13:37 idris signed: Take on the SOC's controls
take owned
@ 2023-03-15 08:50 yuki signed: Take on engineering's controls
take owned
@ 2023-03-15 09:33 helen signed: Take on Legal's controls
take owned
@ 2023-03-15 11:20 greta signed: Take on HR's controls
take owned
@ 2023-03-15 15:55 paula signed: Take on Facilities' controls
take owned
@ 2023-03-16 09:00 dmitri signed: Take on Procurement's controls
take owned
@ 2023-03-16 11:48 aisha signed: Take on our controls
take owned

@ 2023-03-20 10:30 ben signed: SoA version 1 for approval
replace deed.yaml
  - evidence:
  -   branch: main
  + soa: { version: "1" }
  +
  + evidence:
  +   branch: main
@ 2023-03-27 18:10 ada signed: Approve the Statement of Applicability, version 1
approve soa

@ 2023-04-11 09:45 ben signed: Policies: the first four
put policies/information-security.md
put policies/access-control.md
put policies/acceptable-use.md
put policies/incident-response.md
put policies.deed.yaml
  # One entry a policy. An approval covers the text in `document` as well: whoever edits it needs a new one.
  policies:
    information-security:
      title: Information security policy
      document: policies/information-security.md
      author: ben
      owner: ceo
      version: "1"
      classification: public
      review: 12mo
    access-control:
      title: Access control policy
      document: policies/access-control.md
      author: omar
      owner: head-of-it
      version: "1"
      classification: internal
      review: 12mo
    acceptable-use:
      title: Acceptable use policy
      document: policies/acceptable-use.md
      author: hanna
      owner: head-of-people
      version: "1"
      classification: internal
      review: 12mo
    incident-response:
      title: Incident response policy
      document: policies/incident-response.md
      author: rosa
      owner: head-of-secops
      version: "1"
      classification: internal
      review: 12mo

@ 2023-04-17 17:50 ada signed: Approve the information security policy
approve information-security
set policies.information-security.communicated { date: $today, to: everybody }
@ 2023-04-18 09:30 tomas signed: Approve three topic policies
approve access-control acceptable-use incident-response

@ 2023-05-15 10:15 cleo signed: Policies: cryptography, development, suppliers, buildings
put policies/cryptography.md
put policies/secure-development.md
put policies/supplier-security.md
put policies/physical-security.md
add policies.deed.yaml policies
  cryptography:
    title: Cryptography policy
    document: policies/cryptography.md
    author: samir
    owner: head-of-it
    version: "1"
    classification: internal
    review: 12mo
  secure-development:
    title: Secure development policy
    document: policies/secure-development.md
    author: felix
    owner: head-of-engineering
    version: "1"
    classification: internal
    review: 12mo
  supplier-security:
    title: Supplier security policy
    document: policies/supplier-security.md
    author: cleo
    owner: head-of-procurement
    version: "1"
    classification: internal
    review: 12mo
  physical-security:
    title: Physical security policy
    document: policies/physical-security.md
    author: jan
    owner: head-of-facilities
    version: "1"
    classification: internal
    review: 12mo
@ 2023-05-30 16:20 tomas signed: Approve four topic policies
approve cryptography secure-development supplier-security physical-security

@ 2023-06-20 18:30 ada signed: Management review, first half of 2023
put reviews/mr-2023-1.md
put reviews.deed.yaml
  # Management reviews (9.3) and internal audits (9.2), oldest first.
  reviews:
    MR-2023-1:
      kind: management-review
      chair: ceo
      document: reviews/mr-2023-1.md
hold MR-2023-1

@ 2023-08-21 09:55 tomas signed: Accept R-1 for another half year
| Tokenisation is late by two months; the committee knows.
accept R-1 until 2024-02-15 "tokenisation goes live in November"

@ 2023-09-26 15:40 eve signed: Internal audit 1/2023
put reviews/ia-2023-1.md
add reviews.deed.yaml reviews
  IA-2023-1:
    kind: internal-audit
    lead: internal-auditor
    document: reviews/ia-2023-1.md
    covers: [A.5.5, A.5.11, A.5.18, A.5.19, A.5.22, A.6.1, A.6.3, A.6.5]
hold IA-2023-1

@ 2023-11-30 16:05 aisha: Tokenisation is live
replace risks.deed.yaml
  -       - { action: Tokenise card numbers at the edge, by: yuki, due: 2023-11-30 }
  +       - { action: Tokenise card numbers at the edge, by: yuki, due: 2023-11-30, done: 2023-11-28 }

@ 2023-12-12 18:40 ada signed: Management review, second half of 2023
put reviews/mr-2023-2.md
add reviews.deed.yaml reviews
  MR-2023-2:
    kind: management-review
    chair: ceo
    document: reviews/mr-2023-2.md
hold MR-2023-2
