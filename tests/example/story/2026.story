# The year under audit: reassessment, a new Statement of Applicability, and most of the mistakes.

@ 2026-01-08 11:10 ben signed: Information security policy, version 4
replace policies/information-security.md
  - thing in question. The CISO and the ISMS manager advise, coordinate and report; they do not own business risks and do
  - not accept them.
  + thing in question. The CISO, the data protection officer and the ISMS manager advise, coordinate and report; they do not
  + own business risks and do not accept them.
set policies.information-security.version "4"
set policies.information-security.communicated { date: 2026-01-14, to: everybody, evidence: evidence/2026/training-completion.csv }
@ 2026-01-12 17:45 ada signed: Yearly decisions: model, scope, criteria, security policy
set isms.adopted { by: $me, date: $today }
approve isms risk_criteria information-security

@ 2026-01-15 09:20 tomas signed: Renew R-1 until the reassessment is through
accept R-1 until 2026-07-10 "no incident since tokenisation"
@ 2026-01-15 16:40 omar: Request an exception for the lab's network
replace exceptions.deed.yaml
  - exceptions:
  -   X-6:
  + exceptions:
  +   X-2:
  +     control: A.8.22
  +     reason: Test terminals in the lab share the office network until the new switches arrive.
  +     owner: head-of-it
  +     requested_by: omar
  +
  +   # Kept for the record.
  +   X-6:
@ 2026-01-19 17:15 mei signed: Grant X-2
set exceptions.X-2.granted { by: $me, date: $today, until: 2026-07-17, note: "no card data, no route to production" }

# The reassessment that the management review asked for.
@ 2026-01-20 10:05 cleo signed: Reassess technology's risks, add R-23 and R-25
set risks.R-2.residual { likelihood: 2, impact: 3 }
set risks.R-2.requested_by ben
set risks.R-3.residual { likelihood: 3, impact: 2 }
set risks.R-4.residual { likelihood: 2, impact: 3 }
set risks.R-4.requested_by chen
set risks.R-5.plan
    - { action: Rehearse the loss of two zones at once, by: samir, due: 2026-10-31 }
set risks.R-5.requested_by nora
set risks.R-7.requested_by felix
set risks.R-8.plan
    - { action: Move the last issuer keys off the old HSM, by: samir, due: 2026-09-30 }
set risks.R-10.requested_by omar
set risks.R-12.plan
    - { action: Serve the portal's images from a CDN, by: samir, due: 2026-08-31 }
set risks.R-13.requested_by yuki
set risks.R-16.requested_by rosa
add risks/technology.deed.yaml risks

  R-23:
    title: Session tokens are stolen by browser extensions
    owner: head-of-secops
    inherent: { likelihood: 4, impact: 4 }
    treatment: mitigate
    controls: [A.8.5, A.8.16]
    plan:
      - { action: Bind sessions to the hardware key, by: omar, due: 2027-03-31 }
    residual: { likelihood: 3, impact: 2 }

  R-25:
    title: Confidential code is pasted into AI assistants
    owner: head-of-engineering
    requested_by: felix
    inherent: { likelihood: 4, impact: 3 }
    treatment: mitigate
    controls: [A.5.10, A.8.28]
    plan:
      - { action: Offer an assistant under contract, by: yuki, due: 2027-01-31 }
    residual: { likelihood: 3, impact: 3 }
@ 2026-01-21 09:50 ben signed: Reassess payments' risks, add R-24
set risks.R-1.residual { likelihood: 2, impact: 5 }
set risks.R-1.requested_by aisha
set risks.R-6.requested_by aisha
add risks/payments.deed.yaml risks

  R-24:
    title: Chargeback data travels in spreadsheets
    owner: head-of-payments
    requested_by: kofi
    inherent: { likelihood: 3, impact: 4 }
    treatment: mitigate
    controls: [A.5.14, A.5.12]
    plan:
      - { action: Give the schemes access to the case tool, by: kofi, due: 2026-12-18 }
    residual: { likelihood: 2, impact: 3 }
@ 2026-01-22 14:30 cleo signed: Reassess people, places and suppliers
set risks.R-17.requested_by marco
set risks.R-19.requested_by greta
replace risks/suppliers.deed.json
  -       "residual": { "likelihood": 2, "impact": 2 },
  -       "approved": { "by": "dmitri", "date": "2023-02-24" },
  +       "requested_by": "eva",
  +       "residual": { "likelihood": 2, "impact": 3 },
  +       "approved": { "by": "dmitri", "date": "2023-02-24" },
replace risks/suppliers.deed.json
  -       "residual": { "likelihood": 2, "impact": 3 },
  -       "approved": { "by": "dmitri", "date": "2025-06-05" }
  +       "requested_by": "eva",
  +       "residual": { "likelihood": 2, "impact": 3 },
  +       "approved": { "by": "dmitri", "date": "2025-06-05" }

@ 2026-02-03 10:10 cleo signed via=ben: Joiners of the winter; Lena leads the SOC
replace people.deed.yaml
  -   tessa:  { name: Tessa Brown, emails: [tessa@acmepay.example], joined: 2024-06-03 }
  +   tessa:  { name: Tessa Brown, emails: [tessa@acmepay.example], joined: 2024-06-03 }
  +   lena:   { name: Lena Vogt, emails: [lena@acmepay.example], joined: 2025-11-17 }
  +   wanda:  { name: Wanda Kowalska, emails: [wanda@acmepay.example], joined: 2026-01-12 }
  +   zoe:    { name: Zoë Papadaki, emails: [zoe@acmepay.example], joined: 2026-02-02 }
replace roles.deed.yaml
  -   # ---- Third line ----
  +   soc-lead: { title: SOC Lead, layer: operator, department: security,
  +               held_by: lena, reports_to: head-of-secops, responsibilities: [shifts, detection rules] }
  +
  +   # ---- Third line ----

@ 2026-02-05 14:20 cleo signed: Supplier security policy, version 2
replace policies/supplier-security.md
  - tell us of incidents within 24 hours, accept audits, and describe how we leave them.
  + tell us of incidents within 24 hours, accept audits, and describe how we leave them. Critical suppliers also name their
  + own critical suppliers (DORA, Article 29).
set policies.supplier-security.version "2"
set policies.supplier-security.communicated { date: 2026-02-10, to: buyers and system owners }
@ 2026-02-09 15:10 eva: Approve the supplier security policy
| Dmitri is away and the auditors want it before March.
approve supplier-security

# The owners approve what the reassessment made of their plans.
@ 2026-02-10 16:25 marco signed: Plans of Legal; legal register
approve R-17 R-20
put evidence/2026/legal-register.md
cite evidence/2026/legal-register.md 2026-02-10 12mo A.5.5 A.5.31 A.5.32 A.5.33
@ 2026-02-16 09:15 chen signed: Plans of IT
approve R-2 R-4 R-10
@ 2026-02-16 10:40 idris signed: Plans of security operations
approve R-3 R-23
@ 2026-02-16 11:20 nora signed: Plans of the platform
approve R-5 R-8 R-12
@ 2026-02-17 08:50 yuki signed: Plans of engineering
approve R-7 R-13 R-21 R-25
@ 2026-02-17 10:30 aisha signed: Plans of payments
approve R-1 R-6 R-24
@ 2026-02-17 13:45 paula signed: Plans of facilities
approve R-14 R-15 R-22
@ 2026-02-18 09:40 greta signed: Plan for R-19
approve R-19
@ 2026-02-18 14:00 ruth signed: Plan for R-16
approve R-16
@ 2026-02-18 15:30 dmitri signed: Plans of procurement
replace risks/suppliers.deed.json
  -       "approved": { "by": "dmitri", "date": "2023-02-24" },
  +       "approved": { "by": "dmitri", "date": "2026-02-18" },
replace risks/suppliers.deed.json
  -       "approved": { "by": "dmitri", "date": "2025-06-05" }
  +       "approved": { "by": "dmitri", "date": "2026-02-18" }

@ 2026-02-20 11:00 ben signed: Statement of Applicability, version 4
| Versions 2 and 3 were spreadsheets for the certification body.
set soa.version "4"
@ 2026-02-23 17:50 ada signed: Approve the Statement of Applicability, version 4
approve soa

@ 2026-02-26 10:20 mei signed: Bridge the acceptances in technology until the owners renew them
accept R-2 until 2026-03-31 "until the board of March"
accept R-4 until 2026-05-29 "until the terminals' report is in"
accept R-5 until 2026-06-30 "until the failover test"
accept R-10 until 2026-07-31 "until the new switches are in"
@ 2026-03-02 17:30 ada signed: Accept R-17 until the DORA drill
accept R-17 until 2026-09-30 "drill with the regulator's portal in September"
@ 2026-03-02 18:10 omar: Network review
put evidence/2026/network-review.md
cite evidence/2026/network-review.md 2026-03-02 12mo A.5.14 A.8.20 A.8.21 A.8.22

@ 2026-03-09 13:10 greta signed: Remote working policy
| Drafted by Hanna, Sven looks after it.
put policies/remote-working.md
add policies.deed.yaml policies
  remote-working:
    title: Remote working policy
    document: policies/remote-working.md
    author: hanna
    owner: sven
    version: "1"
    classification: internal
    review: 12mo
    communicated: { date: 2026-03-20, to: everybody }
@ 2026-03-12 09:25 cleo signed: Topic policies of 2026, for approval
replace policies/access-control.md
  - 4. Owners of systems confirm the list of their users every quarter. Entries that nobody confirms are removed after ten
  -    working days.
  + 4. Owners of systems confirm the list of their users every quarter. Entries that nobody confirms are removed after five
  +    working days.
replace policies/incident-response.md
  - The incident manager may isolate any system without asking. General Counsel decides on notifications to the regulator,
  - the card schemes and the data protection authority; the clocks start when we become aware, not when we are sure.
  + The incident manager may isolate any system without asking. General Counsel decides on notifications to the regulator
  + (DORA: first report within four hours), the card schemes and the data protection authority; the clocks start when we
  + become aware, not when we are sure.
set policies.access-control.version "2"
set policies.access-control.communicated { date: 2026-03-20, to: everybody }
set policies.incident-response.version "2"
set policies.incident-response.communicated { date: 2026-03-20, to: everybody }
set policies.cryptography.communicated { date: 2026-03-20, to: engineers }
set policies.backup.communicated { date: 2026-03-20, to: engineers }
set policies.acceptable-use.communicated { date: 2026-03-20, to: everybody }
@ 2026-03-16 09:30 tomas signed: Approve five topic policies
approve access-control cryptography incident-response backup remote-working

@ 2026-03-20 15:40 paula signed: Site inspection of 2026
put evidence/2026/site-inspection.md
replace controls/physical.deed.yaml
  - controls:
  + x-evidence:
  +     - &inspection { path: evidence/2026/site-inspection.md, date: 2026-03-18, ttl: 12mo }
  +
  + controls:
set controls.A.7.1.evidence [*inspection]
set controls.A.7.2.evidence [*inspection]
set controls.A.7.3.evidence [*inspection]
set controls.A.7.4.evidence [*inspection]
set controls.A.7.5.evidence [*inspection]
set controls.A.7.7.evidence [*inspection]
set controls.A.7.8.evidence [*inspection]

@ 2026-03-23 10:15 yuki signed: Accept R-13 and R-21
accept R-13 until 2027-03-22 "versions are pinned and mirrored, advisories are read daily"
accept R-21 until 2028-02-29 "scrubbing in the logging library, sampled monthly"
@ 2026-03-30 11:40 omar: R-2 stays as it is for now
| So that CI is quiet until Chen is back.
replace risks/technology.deed.yaml
  -     accepted: { by: mei, date: 2026-02-26, until: 2026-03-31, note: "until the board of March" }
  +     # deed: ignore[expired-acceptance] Chen renews it in June, after the restore test
  +     accepted: { by: mei, date: 2026-02-26, until: 2026-03-31, note: "until the board of March" }

# Spring round: controls, risks, and everybody's role.
@ 2026-04-07 09:10 chen signed: Spring round of IT
ack
review owned
@ 2026-04-07 10:30 idris signed: Spring round
ack
review owned
@ 2026-04-07 11:15 nora signed: Spring round of the platform
ack
review owned
@ 2026-04-08 08:40 yuki signed: Spring round of engineering
ack
review owned
@ 2026-04-08 10:55 marco signed: Spring round
ack
review owned
@ 2026-04-08 14:30 greta signed: Spring round
ack
review owned
@ 2026-04-09 09:20 paula signed: Spring round, both offices
ack
review owned
@ 2026-04-09 10:45 dmitri signed: Spring round
ack
review owned
replace risks/suppliers.deed.json
  -       "approved": { "by": "dmitri", "date": "2026-02-18" },
  -       "accepted": { "by": "dmitri", "date": "2025-03-03", "until": "2026-03-31", "note": "three months of blank cards in stock" },
  -       "reviewed": { "by": "dmitri", "date": "2025-11-05" }
  +       "approved": { "by": "dmitri", "date": "2026-02-18" },
  +       "accepted": { "by": "dmitri", "date": "2025-03-03", "until": "2026-03-31", "note": "three months of blank cards in stock" },
  +       "reviewed": { "by": "dmitri", "date": "2026-04-09" }
@ 2026-04-09 11:30 eva: Spring round of supplier reviews
ack
review owned
@ 2026-04-09 15:10 aisha signed: Spring round
ack
review owned
@ 2026-04-10 09:05 tomas signed: Spring round
ack
review owned
@ 2026-04-10 10:00 ruth signed: Acknowledge my role for another year
ack
@ 2026-04-10 10:20 ben signed: Acknowledge my role for another year
ack
@ 2026-04-10 12:05 sofia signed: Acknowledge my role for another year
ack
@ 2026-04-10 11:30 eve signed: Acknowledge my role for another year
ack
@ 2026-04-10 13:40 lukas: Acknowledge my role for another year
ack
@ 2026-04-10 14:05 lena: Acknowledge the SOC lead
ack
@ 2026-04-10 14:15 omar: Acknowledge my role for another year
ack
@ 2026-04-10 15:50 pavel: Acknowledge my role for another year
ack
@ 2026-04-13 09:30 priya signed: Acknowledge my role for another year
ack
@ 2026-04-13 10:10 mei signed: Acknowledge my role for another year
ack

@ 2026-04-13 11:25 dmitri signed: Renew R-11
replace risks/suppliers.deed.json
  -       "accepted": { "by": "dmitri", "date": "2025-03-03", "until": "2026-03-31", "note": "three months of blank cards in stock" },
  +       "accepted": { "by": "dmitri", "date": "2026-04-13", "until": "2027-03-31", "note": "second site is being built" },
@ 2026-04-13 15:00 cleo signed: Communicate the rest of the policies
set policies.business-continuity.communicated { date: 2026-04-15, to: plan owners }
set policies.data-protection.communicated { date: 2026-04-15, to: everybody }
set policies.physical-security.communicated { date: 2026-04-15, to: both offices }
set policies.data-classification.communicated { date: 2026-04-15, to: everybody }
set policies.vulnerability-management.communicated { date: 2026-04-15, to: engineers }
set policies.secure-development.communicated { date: 2026-04-15, to: engineers }
@ 2026-04-13 17:30 ada signed: CEO's role; policies on continuity and data protection
ack
approve business-continuity data-protection
@ 2026-04-14 09:15 tomas signed: Approve the physical security policy
approve physical-security
@ 2026-04-15 10:20 aisha signed: Approve the data classification policy
approve data-classification
@ 2026-04-20 09:40 paula signed: Accept R-14, R-15 and R-22
accept R-14 until 2028-03-31 "reception is staffed 8 to 18"
accept R-15 until 2028-03-31 "nothing of value stands on the floor"
accept R-22 until 2028-03-31 "people work from home"
@ 2026-04-20 16:55 tomas signed date=2026-03-02: Approve the acceptable use policy
| Agreed in the committee of 2 March, forgotten in the register.
approve acceptable-use
@ 2026-04-21 10:05 paula: Request an exception for the visitor kiosks
replace exceptions.deed.yaml
  -   # Kept for the record.
  +   X-3:
  +     control: A.8.5
  +     reason: The visitor kiosks know one password and no second factor.
  +     owner: head-of-facilities
  +     requested_by: paula
  +
  +   # Kept for the record.
@ 2026-04-27 10:30 tomas signed: Grant X-3
set exceptions.X-3.granted { by: $me, date: $today, until: 2026-10-30, note: "kiosks reach the calendar only" }
@ 2026-04-27 11:20 marco signed: Renew R-20
accept R-20 until 2028-03-31 "cover of 25 million euros"
@ 2026-04-27 16:10 idris signed: Evidence: incident exercise and key inventory
put evidence/2026/incident-exercise.md
put evidence/2026/key-inventory.csv
cite evidence/2026/incident-exercise.md 2026-04-23 12mo A.5.24 A.5.25 A.5.26 A.5.28
cite evidence/2026/key-inventory.csv 2026-04-14 12mo A.5.17 A.8.5 A.8.24
@ 2026-04-28 18:25 ada signed: Management review, first half of 2026
put reviews/mr-2026-1.md
add reviews.deed.yaml reviews
  MR-2026-1:
    kind: management-review
    chair: ceo
    document: reviews/mr-2026-1.md
hold MR-2026-1

@ 2026-05-04 09:45 mei signed: Approve the vulnerability policy, grant X-4
| X-4: contractors of the portal team keep their own laptops until their contracts end.
approve vulnerability-management
replace exceptions.deed.yaml
  -   # Kept for the record.
  +   X-4:
  +     control: A.8.1
  +     reason: Contractors of the portal team work on laptops that we do not manage.
  +     owner: head-of-engineering
  +     requested_by: yuki
  +     granted: { by: mei, date: 2026-05-04, note: "virtual desktops only" }
  +
  +   # Kept for the record.
@ 2026-05-07 11:30 ben signed via=cleo@2026-05-11T10:15: The CTO approves technical policies
| As the committee decided on 28 April.
set roles.cto.authority
    accept_risk: high
    approve: [policies.secure-development, policies.vulnerability-management]
    grant: [exceptions, delegations]
@ 2026-05-12 09:00 mei signed: Acknowledge the larger role; accept R-4
ack
accept R-4 until 2027-05-07 "no terminal older than 2022 in the field"
@ 2026-05-18 09:30 mei signed: Approve the secure development policy
approve secure-development
@ 2026-05-18 10:50 nora signed: Accept R-8 and R-12
accept R-8 until 2027-05-14 "two custodians per key"
accept R-12 until 2027-05-14 "load test passed at twice the peak"
@ 2026-05-21 16:30 nora: Evidence: failover test
put evidence/2026/dr-test.md
cite evidence/2026/dr-test.md 2026-05-20 12mo A.5.23 A.5.29 A.5.30 A.8.14
@ 2026-05-26 18:05 ada signed: Accept R-16
accept R-16 until 2027-04-30 "heartbeat alarms since autumn"
@ 2026-05-29 14:00 greta: Evidence: training
put evidence/2026/training-completion.csv
cite evidence/2026/training-completion.csv 2026-05-29 12mo A.5.4 A.5.10 A.6.3 A.6.7 A.6.8

@ 2026-06-01 10:00 nora: Request an exception for the legacy HSM
replace exceptions.deed.yaml
  - exceptions:
  -   X-2:
  + exceptions:
  +   # The committee's concern, see MR-2026-1.
  +   X-1:
  +     control: A.8.24
  +     reason: The legacy HSM knows no AES key blocks; two issuers still need it.
  +     owner: head-of-platform
  +     requested_by: nora
  +
  +   X-2:
@ 2026-06-01 17:40 ada signed: Grant X-1
set exceptions.X-1.granted { by: $me, date: $today, until: 2027-01-29, note: "not extended again" }
@ 2026-06-01 18:20 priya signed: Dmitri may accept medium risks of suppliers this year
add delegations.deed.yaml delegations
  # So that a supplier's delay does not wait for the CFO.
  D-2: { from: cfo, to: head-of-procurement, authority: { accept_risk: medium },
         granted: { by: priya, date: 2026-06-01, until: 2026-12-31 } }
@ 2026-06-08 17:10 tomas signed: Accept R-19
accept R-19 until 2027-05-31 "settlement knowledge is shared by five people"
@ 2026-06-12 15:20 yuki: Evidence: penetration test
put evidence/2026/pentest.md
cite evidence/2026/pentest.md 2026-06-12 12mo A.5.35 A.8.26 A.8.29 A.8.34
@ 2026-06-15 09:20 chen signed: Renew R-2
accept R-2 until 2027-06-11 "restore test and isolated backups"
@ 2026-06-18 10:10 ben signed via=cleo@2026-06-19T09:30: New signing key for Idris
replace people.deed.yaml
  -             keys: [{ key: "<key:idris-1>", from: 2023-01-16 }] }
  +             keys: [{ key: "<key:idris-1>", from: 2023-01-16, until: 2026-06-30 },
  +                    { key: "<key:idris-2>", from: 2026-06-19, until: 2028-06-30 }] }
@ 2026-06-22 11:35 mei committer=ben key=ben-2: Accept R-5
| Mei said yes in the corridor, I write it down for her.
accept R-5 until 2027-06-18 "failover in 19 minutes"
@ 2026-06-24 14:10 cleo signed: Data leakage prevention moves to IT
| The tool is part of the workplace now.
set controls.A.8.12.owner head-of-it
set controls.A.8.12.responsible [it-ops]
@ 2026-06-25 09:05 chen signed: Take on A.8.12
take A.8.12
review A.8.12
@ 2026-06-26 11:40 greta: Evidence: personnel files
put evidence/2026/hr-file-sample.md
cite evidence/2026/hr-file-sample.md 2026-06-25 12mo A.6.1 A.6.2 A.6.4 A.6.5 A.6.6
@ 2026-06-29 10:25 paula signed: Berlin: the Spree was higher than ever
| The landlord's new flood map says so. The plan stays.
set risks.R-15.inherent { likelihood: 3, impact: 3 }
approve R-15

@ 2026-07-06 09:50 idris key=idris-1: Accept R-23
accept R-23 until 2027-06-30 "extensions are allow-listed"
@ 2026-07-09 15:30 omar: Laptops are backed up after all
| The new management suite does it anyway.
replace policies/backup.md
  - - Laptops are not backed up; work lives in the document store and in repositories.
  + - Laptops are backed up every night to the management suite; work still belongs in the document store.
@ 2026-07-10 10:00 eva: Evidence: supplier reviews
put evidence/2026/supplier-reviews.csv
cite evidence/2026/supplier-reviews.csv 2026-07-08 12mo A.5.19 A.5.20 A.5.21 A.5.22
@ 2026-07-10 16:30 tomas signed: Renew R-1 until September
accept R-1 until 2026-09-18 "pentest without a high result"
@ 2026-07-13 11:15 dmitri signed: Accept R-18
| Under D-2.
replace risks/suppliers.deed.json
  -       "approved": { "by": "dmitri", "date": "2026-02-18" }
  +       "approved": { "by": "dmitri", "date": "2026-02-18" },
  +       "accepted": { "by": "dmitri", "date": "2026-07-13", "until": "2027-06-30", "as": "cfo", "note": "second gateway under contract" }
@ 2026-07-14 10:05 idris signed: Renew R-3
accept R-3 until 2027-06-30 "hardware keys for everybody"
@ 2026-07-15 17:45 omar: Lab network, some more time
| The switches are late.
replace exceptions.deed.yaml
  -     granted: { by: mei, date: 2026-01-19, until: 2026-07-17, note: "no card data, no route to production" }
  +     granted: { by: mei, date: 2026-01-19, until: 2027-01-15, note: "no card data, no route to production" }
@ 2026-07-20 10:40 priya signed: New laptop, new key; renew R-6
replace people.deed.yaml
  -       - { key: "<key:priya-1>", from: 2025-04-01, until: 2027-03-31 }
  +       - { key: "<key:priya-1>", from: 2025-04-01, until: 2026-07-17 }
  +       - { key: "<key:priya-2>", from: 2026-07-20, until: 2028-07-31 }
accept R-6 until 2027-07-16 "sampling finds nothing for a year"

@ 2026-08-03 16:15 chen: Renew R-10
accept R-10 until 2027-07-30 "named accounts on all but four switches"
@ 2026-08-04 09:30 aisha: Evidence: deletion run
put evidence/2026/deletion-run.md
cite evidence/2026/deletion-run.md 2026-08-03 12mo A.5.12 A.5.13 A.5.34 A.8.11 A.8.33
@ 2026-08-17 08:55 yuki signed: Renew R-7
accept R-7 until 2027-08-13 "scanner runs on every push and on the server"
@ 2026-08-20 14:30 omar: Evidence: restore test
put evidence/2026/backup-restore.md
cite evidence/2026/backup-restore.md 2026-08-19 12mo A.8.13

# Two people work on payments' risks at the same time. The merge keeps one side.
~ branch wording-of-r-24
@ 2026-08-21 11:10 ben signed: Say which spreadsheets R-24 means
set risks.R-24.note the weekly lists to the two card schemes
~ switch main
@ 2026-08-24 09:25 tomas signed: Accept R-24
accept R-24 until 2027-06-30 "encrypted, and only until the case tool is open to the schemes"
@ 2026-08-24 16:40 samir: Request an exception for emergency changes at night
replace exceptions.deed.yaml
  -   # Kept for the record.
  +   X-5:
  +     control: A.8.32
  +     reason: Between midnight and six only one engineer is awake; emergency changes are reviewed in the morning.
  +     owner: head-of-platform
  +     requested_by: samir
  +
  +   # Kept for the record.
@ 2026-08-26 10:05 ben signed merge=wording-of-r-24: Merge branch 'wording-of-r-24'
| Conflict in risks/payments.deed.yaml resolved.
from wording-of-r-24 risks/payments.deed.yaml
@ 2026-08-27 16:20 mei signed: Grant X-5
set exceptions.X-5.granted { by: $me, date: $today, until: 2027-02-26, note: "morning review within four hours" }

@ 2026-09-02 10:30 ben signed via=cleo: Ignore the late CDN for two months
| The contract is with Procurement.
replace deed.yaml
  - evidence:
  -   branch: main
  + lint:
  +   ignore:
  +     - rule: overdue-treatment
  +       subject: risks.R-12
  +       reason: the CDN contract is with Procurement
  +       owner: nora
  +       until: 2026-10-31
  +
  + evidence:
  +   branch: main
@ 2026-09-08 17:00 yuki: Evidence: code reviews
put evidence/2026/code-review-sample.md
cite evidence/2026/code-review-sample.md 2026-09-08 12mo A.8.4 A.8.25 A.8.27 A.8.28
@ 2026-09-14 09:35 tomas signed: Renew R-1
accept R-1 until 2027-02-26 "pentest without a high result, red team in January"
@ 2026-09-16 11:45 omar: Evidence: access review, asset inventory, configuration
put evidence/2026/access-review-q3.csv
put evidence/2026/asset-inventory.csv
cite evidence/2026/access-review-q3.csv 2026-09-15 6mo A.5.15 A.5.16 A.5.18 A.8.2 A.8.3
cite evidence/2026/asset-inventory.csv 2026-09-01 12mo A.5.9 A.7.9 A.7.10 A.7.13 A.8.19
append controls.A.7.14.evidence { path: evidence/2026/asset-inventory.csv, date: 2026-09-01, ttl: 12mo }

# Autumn round.
@ 2026-09-21 09:05 chen signed: Autumn round of IT
review owned except A.5.11
@ 2026-09-21 10:20 idris signed: Autumn round
review owned
@ 2026-09-22 09:30 nora signed: Autumn round of the platform
review owned
put evidence/2026/configuration-baseline.md
cite evidence/2026/configuration-baseline.md 2026-09-22 6mo A.8.9
@ 2026-09-22 11:15 yuki signed: Autumn round of engineering
review owned
@ 2026-09-23 11:00 marco signed: Autumn round
review owned
@ 2026-09-23 14:20 greta signed: Autumn round
review owned
@ 2026-09-24 09:10 paula signed: Autumn round, both offices
review owned
@ 2026-09-24 10:35 dmitri signed: Autumn round
review owned
replace risks/suppliers.deed.json
  -       "reviewed": { "by": "dmitri", "date": "2026-04-09" }
  +       "reviewed": { "by": "dmitri", "date": "2026-09-24" }
replace risks/suppliers.deed.json
  -       "accepted": { "by": "dmitri", "date": "2026-07-13", "until": "2027-06-30", "as": "cfo", "note": "second gateway under contract" }
  +       "accepted": { "by": "dmitri", "date": "2026-07-13", "until": "2027-06-30", "as": "cfo", "note": "second gateway under contract" },
  +       "reviewed": { "by": "dmitri", "date": "2026-09-24" }
@ 2026-09-24 11:20 eva: Autumn round of supplier reviews
review owned
@ 2026-09-25 10:00 aisha signed: Autumn round
review owned
@ 2026-09-25 10:40 ruth signed: R-16, half a year later
review R-16
@ 2026-09-25 17:15 tomas signed: Autumn round
review owned
@ 2026-09-25 17:40 samir: The last issuer keys have moved
replace risks/technology.deed.yaml
  -       - { action: Move the last issuer keys off the old HSM, by: samir, due: 2026-09-30 }
  +       - { action: Move the last issuer keys off the old HSM, by: samir, due: 2026-09-30, done: 2026-09-24 }
@ 2026-09-28 10:50 ben: R-17: the drill is moved to February
replace risks/people-and-places.deed.yaml
  -     accepted: { by: ada, date: 2026-03-02, until: 2026-09-30, note: "drill with the regulator's portal in September" }
  +     accepted: { by: ada, date: 2026-03-02, until: 2027-02-26, note: "drill with the regulator's portal in September" }
@ 2026-09-29 15:50 eve signed: Internal audit 1/2026
put reviews/ia-2026-1.md
add reviews.deed.yaml reviews
  IA-2026-1:
    kind: internal-audit
    lead: internal-auditor
    document: reviews/ia-2026-1.md
    covers: ["4", "5", "6", "7", "8", "9", "10",
             A.5.1, A.5.2, A.5.3, A.5.15, A.5.18, A.5.19, A.5.24, A.5.25, A.5.26, A.5.27, A.5.28, A.5.29,
             A.5.30, A.5.31, A.5.32, A.5.33, A.5.34, A.5.35, A.5.36, A.5.37]
hold IA-2026-1
@ 2026-10-01 10:10 paula: Evidence: badge logs
put evidence/2026/badge-log-review-q3.md
replace controls/physical.deed.yaml
  -     - &inspection { path: evidence/2026/site-inspection.md, date: 2026-03-18, ttl: 12mo }
  +     - &inspection { path: evidence/2026/site-inspection.md, date: 2026-03-18, ttl: 12mo }
  +     - &badges { path: evidence/2026/badge-log-review-q3.md, date: 2026-09-30, ttl: 6mo }
set controls.A.7.1.evidence [*inspection, *badges]
set controls.A.7.2.evidence [*inspection, *badges]
set controls.A.7.4.evidence [*badges]
@ 2026-10-01 11:30 cleo: Evidence: the ISMS in numbers
put evidence/2026/isms-dashboard-q3.md
cite evidence/2026/isms-dashboard-q3.md 2026-10-01 6mo A.5.1 A.5.2 A.5.3 A.5.36 A.5.37
@ 2026-10-02 14:40 cleo signed via=ben: Leavers and joiners of the quarter; Lena leads incidents
replace people.deed.yaml
  -   pavel:  { name: Pavel Novák, emails: [pavel@acmepay.example], joined: 2021-05-10 }
  +   pavel:  { name: Pavel Novák, emails: [pavel@acmepay.example], joined: 2021-05-10, left: 2026-10-16 }
replace people.deed.yaml
  -   sven:   { name: Sven Aaltonen, emails: [sven@acmepay.example], joined: 2020-09-07 }
  +   sven:   { name: Sven Aaltonen, emails: [sven@acmepay.example], joined: 2020-09-07, left: 2026-09-30 }
set roles.incident-manager.held_by lena
put evidence/2026/joiners-and-leavers-q3.csv
cite evidence/2026/joiners-and-leavers-q3.csv 2026-10-02 6mo A.5.11
@ 2026-10-05 09:40 mei signed: Accept R-25
accept R-25 until 2027-03-31 "no incident yet, contract in sight"
@ 2026-10-05 10:30 chen signed: Nora stands in for me until Christmas
add delegations.deed.yaml delegations
  # Parental leave.
  D-3: { from: head-of-it, to: head-of-platform, authority: { accept_risk: medium },
         granted: { by: chen, date: 2026-10-05, until: 2026-12-18 } }
@ 2026-10-06 16:20 nora: Evidence: capacity
put evidence/2026/capacity.md
set controls.A.8.6.evidence [{ path: evidence/2026/capacity.md }]
@ 2026-10-07 15:05 samir: Evidence: changes
put evidence/2026/change-sample-q3.csv
cite evidence/2026/change-sample-q3.csv 2026-10-07 6mo A.5.8 A.8.31 A.8.32
@ 2026-10-13 14:30 nora signed: Internal audit 2/2026: the platform before the PCI assessment
put reviews/ia-2026-2.md
add reviews.deed.yaml reviews
  IA-2026-2:
    kind: internal-audit
    lead: pci-assessor
    document: reviews/ia-2026-2.md
    covers: [A.8.9, A.8.24, A.8.31, A.8.32]
hold IA-2026-2
@ 2026-10-13 16:10 idris: Evidence: logs, scans, threats
put evidence/2026/siem-health-october.md
put evidence/2026/vulnerability-scan-october.csv
put evidence/2026/threat-report-october.md
cite evidence/2026/siem-health-october.md 2026-10-12 6mo A.8.15 A.8.16 A.8.17 A.8.18
cite evidence/2026/vulnerability-scan-october.csv 2026-10-05 3mo A.8.1 A.8.7 A.8.8
cite evidence/2026/threat-report-october.md 2026-10-13 6mo A.5.6
@ 2026-10-14 15:25 omar: Data leakage prevention is live
replace controls/technological.deed.yaml
  -     owner: head-of-it
  -     responsible: [it-ops]
  -     accepted: { by: chen, date: 2026-06-25 }
  +     owner: head-of-it
  +     status: implemented
  +     responsible: [it-ops]
  +     evidence: [{ path: evidence/2026/siem-health-october.md, date: 2026-10-12, ttl: 6mo }]
  +     accepted: { by: chen, date: 2026-06-25 }
@ 2026-10-22 17:10 samir: Lost two zones on purpose, nobody noticed
replace risks/technology.deed.yaml
  -       - { action: Rehearse the loss of two zones at once, by: samir, due: 2026-10-31 }
  +       - { action: Rehearse the loss of two zones at once, by: samir, due: 2026-10-31, done: 2026-10-21 }
@ 2026-10-26 09:15 yuki signed: Engineering keeps its own risks
| Moved, not changed.
move risks.R-25 risks.R-13 risks.R-21 > risks/engineering.deed.yaml
copy risks.R-7 > risks/engineering.deed.yaml
sort risks/engineering.deed.yaml risks
@ 2026-11-03 10:20 cleo signed: Explain exceptions in the README
replace README.md
  - Questions: Ben Okafor (ISMS manager) or Cleo Hartmann.
  + An exception or an acceptance ends by itself. To go on, decide again: a new date, a new signature.
  +
  + Questions: Ben Okafor (ISMS manager) or Cleo Hartmann.
@ 2026-11-17 03:00 deed-bot: Indent the delegations by four
| No value changes.
reindent delegations.deed.yaml
