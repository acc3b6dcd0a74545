# The third year: new keys, a new CFO, a new CISO, a reorganisation, and the register split into smaller files.

@ 2025-01-09 11:05 cleo signed via=viktor: New signing key for Ben
| The old ones are two years old (MR-2024-2, item 5).
replace people.deed.yaml
  -       - { key: "<key:ben-1>", from: 2023-01-16 }
  +       - { key: "<key:ben-1>", from: 2023-01-16, until: 2025-01-31 }
  +       - { key: "<key:ben-2>", from: 2025-01-10, until: 2027-01-31 }
@ 2025-01-10 09:40 ben signed via=viktor: New signing key for Cleo
replace people.deed.yaml
  -       - { key: "<key:cleo-1>", from: 2023-01-16 }
  +       - { key: "<key:cleo-1>", from: 2023-01-16, until: 2025-01-31 }
  +       - { key: "<key:cleo-2>", from: 2025-01-10, until: 2027-01-31 }
@ 2025-01-16 10:00 ben signed via=cleo: New signing keys for the executive committee
| Collected in person, fingerprints read aloud.
replace people.deed.yaml
  -       - { key: "<key:ada-1>", from: 2023-01-16 }
  +       - { key: "<key:ada-1>", from: 2023-01-16, until: 2025-01-31 }
  +       - { key: "<key:ada-2>", from: 2025-01-16, until: 2027-01-31 }
replace people.deed.yaml
  -       - { key: "<key:tomas-1>", from: 2023-01-16 }
  +       - { key: "<key:tomas-1>", from: 2023-01-16, until: 2025-01-31 }
  +       - { key: "<key:tomas-2>", from: 2025-01-16, until: 2027-01-31 }
replace people.deed.yaml
  -       - { key: "<key:mei-1>", from: 2023-01-16 }
  +       - { key: "<key:mei-1>", from: 2023-01-16, until: 2025-01-31 }
  +       - { key: "<key:mei-2>", from: 2025-01-16, until: 2027-01-31 }

@ 2025-01-21 14:20 omar: Terminals are replaced, hardware keys are out
replace risks.deed.yaml
  -       - { action: Replace the terminals that cannot be updated remotely, by: chen, due: 2024-12-31 }
  +       - { action: Replace the terminals that cannot be updated remotely, by: chen, due: 2024-12-31, done: 2024-12-18 }
replace risks.deed.yaml
  -       - { action: Hardware keys for everybody with production access, by: omar, due: 2024-03-31 }
  +       - { action: Hardware keys for everybody with production access, by: omar, due: 2024-03-31, done: 2024-02-23 }

@ 2025-01-27 09:10 tomas signed: Renew R-1 and R-9
accept R-1 until 2025-07-25 "no incident since tokenisation"
accept R-9 until 2025-10-31 "schema changes need a fraud analyst's review"
@ 2025-02-10 16:30 mei signed: Renew acceptances in technology
accept R-2 until 2026-02-09 "backups are tested yearly"
accept R-4 until 2026-02-09 "old terminals are gone"
accept R-5 until 2026-02-09 "second region is hot since January"
accept R-8 until 2026-02-09 "keys never leave the processor's HSMs"
accept R-10 until 2026-02-09 "vault for shared passwords is in place"
accept R-12 until 2026-02-09 "certificates are monitored"
accept R-13 until 2026-02-09 "versions are pinned and mirrored"
@ 2025-02-11 10:40 jonas signed: Renew R-6
accept R-6 until 2026-02-10 "four eyes above 500 euros"
@ 2025-02-12 08:58 yuki signed: Renew R-7
accept R-7 until 2026-02-11 "scanner runs on every push"
@ 2025-02-12 09:31 idris signed: Renew R-3
accept R-3 until 2026-02-11 "hardware keys for everybody"
@ 2025-02-20 15:15 omar: The old fraud server is gone
set exceptions.X-6.closed 2025-02-20
@ 2025-03-03 10:00 dmitri signed: Renew R-11
accept R-11 until 2026-03-31 "three months of blank cards in stock"

@ 2025-03-28 13:20 ben signed via=cleo: Priya Raman follows Jonas Lindqvist as CFO
replace people.deed.yaml
  -     joined: 2019-05-06
  -     keys:
  -       - { key: "<key:jonas-1>", from: 2023-01-16 }
  +     joined: 2019-05-06
  +     left: 2025-03-31
  +     keys:
  +       - { key: "<key:jonas-1>", from: 2023-01-16, until: 2025-03-31 }
  +   priya:
  +     name: Priya Raman
  +     emails: [priya@acmepay.example]
  +     joined: 2025-04-01
  +     keys:
  +       - { key: "<key:priya-1>", from: 2025-04-01, until: 2027-03-31 }
set roles.cfo.held_by priya
@ 2025-04-02 10:15 priya signed: Acknowledge the CFO role
ack
@ 2025-04-09 16:00 priya signed: Renew R-6 as the new CFO
accept R-6 until 2026-04-08 "four eyes above 500 euros, sampled every month"

@ 2025-04-14 10:25 ben signed: Information security policy, version 3
replace policies/information-security.md
  - - We meet the law, PCI DSS and our contracts, and we can show that we do.
  + - We meet the law, DORA above all, PCI DSS and our contracts, and we can show that we do.
set policies.information-security.version "3"
@ 2025-04-22 17:55 ada signed: Approve policies: information security (version 3), data protection
approve information-security data-protection
set policies.information-security.communicated { date: $today, to: everybody }
@ 2025-04-23 09:20 tomas signed: Yearly approval of the topic policies
approve access-control acceptable-use incident-response cryptography secure-development supplier-security physical-security
@ 2025-04-24 11:30 aisha signed: Yearly approval of the data classification policy
approve data-classification

@ 2025-05-12 09:15 ingrid: Acknowledge my role under the new CFO
ack
@ 2025-05-21 17:25 omar: First evidence files
| The certification body would rather see files than promises.
put evidence/2025/access-review-q2.csv
put evidence/2025/backup-restore.md
put evidence/2025/dr-test.md
cite evidence/2025/access-review-q2.csv 2025-05-13 6mo A.5.15 A.5.18 A.8.2
cite evidence/2025/backup-restore.md 2025-05-12 12mo A.8.13
cite evidence/2025/dr-test.md 2025-05-21 12mo A.5.30 A.8.14

@ 2025-06-03 10:45 cleo signed: Six new risks; suppliers' risks come from Procurement's tool
| R-11 moves to the file that Procurement exports; nothing about it changes.
cut risks.R-11
put risks/suppliers.deed.json
  {
    "risks": {
      "R-11": {
        "title": "The card manufacturer fails to deliver",
        "owner": "head-of-procurement",
        "inherent": { "likelihood": 3, "impact": 4 },
        "treatment": "mitigate",
        "controls": ["A.5.19", "A.5.22"],
        "residual": { "likelihood": 2, "impact": 2 },
        "approved": { "by": "dmitri", "date": "2023-02-24" },
        "accepted": { "by": "dmitri", "date": "2025-03-03", "until": "2026-03-31", "note": "three months of blank cards in stock" },
        "reviewed": { "by": "dmitri", "date": "2024-11-13" }
      },
      "R-18": {
        "title": "The SMS gateway raises prices or goes away",
        "owner": "head-of-procurement",
        "inherent": { "likelihood": 3, "impact": 3 },
        "treatment": "mitigate",
        "controls": ["A.5.21", "A.5.22"],
        "residual": { "likelihood": 2, "impact": 3 }
      }
    }
  }
add risks.deed.yaml risks

  R-16:
    title: Nobody notices that the log pipeline has stopped
    owner: ciso
    inherent: { likelihood: 3, impact: 3 }
    treatment: mitigate
    controls: [A.8.15, A.8.16]
    residual: { likelihood: 2, impact: 3 }

  R-19:
    title: Two engineers who know settlement leave at once
    owner: head-of-people
    inherent: { likelihood: 3, impact: 4 }
    treatment: mitigate
    controls: [A.5.37, A.6.2]
    residual: { likelihood: 3, impact: 2 }

  R-20:
    title: Breach costs exceed what we can pay
    owner: head-of-legal
    inherent: { likelihood: 2, impact: 5 }
    treatment: transfer
    controls: [A.5.31]
    residual: { likelihood: 1, impact: 4 }

  R-21:
    title: Card numbers end up in application logs
    owner: head-of-engineering
    inherent: { likelihood: 3, impact: 5 }
    treatment: avoid
    controls: [A.8.11, A.8.28]
    residual: { likelihood: 1, impact: 2 }

  R-22:
    title: A power cut closes the Dublin office for a day
    owner: head-of-facilities
    inherent: { likelihood: 2, impact: 2 }
    treatment: accept
    residual: { likelihood: 2, impact: 2 }
@ 2025-06-05 09:30 dmitri signed: Plan for R-18
replace risks/suppliers.deed.json
  -       "controls": ["A.5.21", "A.5.22"],
  -       "residual": { "likelihood": 2, "impact": 3 }
  +       "controls": ["A.5.21", "A.5.22"],
  +       "residual": { "likelihood": 2, "impact": 3 },
  +       "approved": { "by": "dmitri", "date": "2025-06-05" }
@ 2025-06-05 13:10 yuki signed: Plan for R-21, accept what is left
approve R-21
accept R-21 until 2026-05-31 "scrubbing in the logging library"
@ 2025-06-06 10:20 marco signed: R-17 and R-20
approve R-20
accept R-17 until 2026-03-31 "drafts are prepared in advance"
accept R-20 until 2026-05-31 "cover of 20 million euros from July"
@ 2025-06-06 11:00 paula signed: R-22
approve R-22
accept R-22 until 2026-05-31 "people work from home"
@ 2025-06-10 10:30 greta signed: Plan for R-19
approve R-19
@ 2025-06-10 17:00 tomas signed: Accept R-19
accept R-19 until 2026-06-05 "pairing on settlement since spring"
@ 2025-06-10 18:20 viktor signed: Plan for R-16
approve R-16
@ 2025-06-11 18:05 ada signed: Accept R-16
accept R-16 until 2026-05-31 "heartbeat alarms by autumn"
@ 2025-06-17 18:30 ada signed: Management review, first half of 2025
put reviews/mr-2025-1.md
add reviews.deed.yaml reviews
  MR-2025-1:
    kind: management-review
    chair: ceo
    document: reviews/mr-2025-1.md
hold MR-2025-1

@ 2025-07-21 09:25 tomas signed: Renew R-1
accept R-1 until 2026-01-16 "no incident since tokenisation"

@ 2025-08-11 10:10 idris signed: Logging and monitoring policy
put policies/logging-and-monitoring.md
add policies.deed.yaml policies
  logging-and-monitoring:
    title: Logging and monitoring policy
    document: policies/logging-and-monitoring.md
    author: rosa
    owner: head-of-secops
    version: "1"
    classification: internal
    review: 12mo
    communicated: { date: 2025-08-19, to: engineers }
@ 2025-08-18 09:35 tomas signed: Approve the logging policy
approve logging-and-monitoring
@ 2025-08-20 15:30 paula: Disposal certificate
put evidence/2025/media-disposal.md
cite evidence/2025/media-disposal.md 2025-08-11 12mo A.7.14

@ 2025-08-28 11:50 ben signed via=cleo@2025-08-28T16:30: Ruth Abara follows Viktor Sandoval as CISO
| Security operations reports to the CTO from 1 September; the CISO advises and reports.
replace people.deed.yaml
  -     joined: 2020-10-01
  -     keys:
  -       - { key: "<key:viktor-1>", from: 2023-01-16 }
  +     joined: 2020-10-01
  +     left: 2025-08-31
  +     keys:
  +       - { key: "<key:viktor-1>", from: 2023-01-16, until: 2025-08-31 }
  +   ruth:
  +     name: Ruth Abara
  +     emails: [ruth@acmepay.example]
  +     joined: 2025-09-01
  +     keys:
  +       - { key: "<key:ruth-1>", from: 2025-09-01, until: 2027-08-31 }
set roles.ciso.held_by ruth
set roles.head-of-secops.reports_to cto
put evidence/competence/ben.md
put evidence/competence/ruth.md
put evidence/competence/eve.md
set roles.ciso.competence [{ requirement: ten years in security of payment institutions, evidence: evidence/competence/ruth.md }]
set roles.isms-manager.competence [{ requirement: ISO/IEC 27001 lead implementer, evidence: evidence/competence/ben.md }]
set roles.internal-auditor.competence [{ requirement: ISO/IEC 27001 lead auditor, evidence: evidence/competence/eve.md }]
@ 2025-09-02 09:30 ruth signed: Acknowledge the CISO role
ack
@ 2025-09-02 10:00 idris signed: Acknowledge the new reporting line
ack
@ 2025-09-08 14:15 ruth signed: Take over the plan for R-16
approve R-16

@ 2025-09-30 15:45 eve signed: Internal audit 1/2025
put reviews/ia-2025-1.md
add reviews.deed.yaml reviews
  IA-2025-1:
    kind: internal-audit
    lead: internal-auditor
    document: reviews/ia-2025-1.md
    covers: [A.7.1, A.7.2, A.7.3, A.7.4, A.7.5, A.7.7, A.7.8, A.7.9, A.7.10, A.7.13, A.7.14,
             A.8.1, A.8.2, A.8.3, A.8.4, A.8.5, A.8.6, A.8.7, A.8.8, A.8.9, A.8.10, A.8.11, A.8.12, A.8.13,
             A.8.14, A.8.15, A.8.16, A.8.17, A.8.18, A.8.19, A.8.20, A.8.21, A.8.22, A.8.24, A.8.25, A.8.26,
             A.8.27, A.8.28, A.8.29, A.8.31, A.8.32, A.8.33, A.8.34]
hold IA-2025-1

# R-9 is not renewed again.
@ 2025-10-13 09:40 tomas signed: Renew R-9
accept R-9 until 2026-09-30 "migration to the new scoring engine ends in September"

# The reorganisation is prepared on a branch while the daily work goes on.
~ branch reorganisation
@ 2025-10-15 10:30 ben signed: Platform is a department of its own
replace roles.deed.yaml
  -   engineering: { title: Product engineering, head: head-of-engineering }
  +   platform:    { title: Platform, head: head-of-platform }
  +   engineering: { title: Product engineering, head: head-of-engineering }
replace roles.deed.yaml
  -   head-of-engineering: { title: Head of Engineering, layer: owner, department: engineering,
  +   head-of-platform: { title: Head of Platform, layer: owner, department: platform,
  +                       held_by: nora, deputy: samir, reports_to: cto,
  +                       responsibilities: [cloud, keys, releases], authority: { accept_risk: medium } }
  +   head-of-engineering: { title: Head of Engineering, layer: owner, department: engineering,
unset roles.bcm-coordinator.reports_to
set roles.change-manager.department platform
set roles.change-manager.reports_to head-of-platform
@ 2025-10-15 14:05 cleo signed: Controls, risks and a policy move from IT to Platform
set controls.A.5.23.owner head-of-platform
set controls.A.5.30.owner head-of-platform
set controls.A.8.6.owner head-of-platform
set controls.A.8.9.owner head-of-platform
set controls.A.8.14.owner head-of-platform
set controls.A.8.24.owner head-of-platform
set controls.A.8.27.owner head-of-platform
set controls.A.8.31.owner head-of-platform
set controls.A.8.32.owner head-of-platform
set risks.R-5.owner head-of-platform
set risks.R-8.owner head-of-platform
set risks.R-12.owner head-of-platform
set policies.cryptography.owner head-of-platform
@ 2025-10-16 09:20 cleo signed: Complete the RACI lists
set controls.A.5.22.owner vendor-manager
unset controls.A.5.22.responsible
set controls.A.5.22.consulted [soc]
set controls.A.5.37.informd [bcm-coordinator]
set controls.A.8.8.informed [cto]
set controls.A.8.19.responsible [it-opps]
set controls.A.8.19.consulted [change-manager]
set controls.A.8.20.consulted [head-of-platform]
set controls.A.8.29.informed [pci-assessor]
~ switch main
@ 2025-10-16 11:15 lukas: Acknowledge BCM again
ack
@ 2025-10-17 16:50 ruth signed merge=reorganisation: Merge branch 'reorganisation'
| Effective on 20 October.
@ 2025-10-20 09:05 nora signed: Acknowledge the platform role and take on its controls
ack
take owned
@ 2025-10-20 10:50 pavel: Acknowledge the new department
ack
@ 2025-10-20 11:40 nora signed: Plans of the platform's risks are mine now
approve R-5 R-8 R-12

# Autumn round, with a fresh acceptance because the RACI lists changed.
@ 2025-11-03 09:10 chen signed: Autumn round of IT
take owned
review owned
@ 2025-11-03 10:35 idris signed: Autumn round
take owned
review owned
@ 2025-11-03 15:20 nora signed: Autumn round of the platform
review owned
@ 2025-11-04 08:45 yuki signed: Autumn round of engineering
take owned
review owned
@ 2025-11-04 11:05 marco signed: Autumn round
take owned
review owned
@ 2025-11-04 14:50 greta signed: Autumn round
take owned
review owned
@ 2025-11-05 09:15 paula signed: Autumn round, both offices
take owned
review owned
@ 2025-11-05 10:30 dmitri signed: Autumn round
take owned
replace risks/suppliers.deed.json
  -       "reviewed": { "by": "dmitri", "date": "2024-11-13" }
  +       "reviewed": { "by": "dmitri", "date": "2025-11-05" }
@ 2025-11-05 13:00 eva: Take on supplier reviews
take owned
@ 2025-11-06 10:20 aisha signed: Autumn round
take owned
review owned
@ 2025-11-07 17:00 tomas signed: Autumn round
take owned
review owned

@ 2025-11-18 18:35 ada signed: Management review, second half of 2025
put reviews/mr-2025-2.md
add reviews.deed.yaml reviews
  MR-2025-2:
    kind: management-review
    chair: ceo
    document: reviews/mr-2025-2.md
hold MR-2025-2

# The register of risks has become long: three files, sorted. Nothing changes but where things stand.
~ branch split-risks
@ 2025-11-24 10:15 cleo signed: Split the risk register by department
rename risks.deed.yaml risks/technology.deed.yaml
move risks.R-9 risks.R-6 risks.R-1 > risks/payments.deed.yaml
move risks.R-22 risks.R-14 risks.R-15 risks.R-17 risks.R-19 risks.R-20 > risks/people-and-places.deed.yaml
sort risks/payments.deed.yaml risks
sort risks/people-and-places.deed.yaml risks
sort risks/technology.deed.yaml risks
replace README.md
  - | `risks.deed.yaml` | the risk register |
  + | `risks/` | the risk register, by department; suppliers' risks are exported from Procurement's tool |
~ switch main
@ 2025-11-24 15:30 ben signed: Say where scores are explained
replace risks.deed.yaml
  - # The risk register. Scores are 1 to 5; what a score means is in policies/information-security.md.
  + # The risk register. Scores are 1 to 5, see policies/information-security.md.
@ 2025-11-25 09:30 cleo signed merge=split-risks: Merge branch 'split-risks'

# A merge conflict that somebody committed, and nobody noticed until the next morning.
@ 2025-11-26 17:58 omar: Note on terminals
replace risks/technology.deed.yaml
  -     title: Payment terminals in the field miss security updates
  + <<<<<<< HEAD
  +     title: Payment terminals in the field miss security updates
  + =======
  +     title: Payment terminals in the field miss updates
  + >>>>>>> terminals
@ 2025-11-27 08:40 chen signed: Remove conflict markers
replace risks/technology.deed.yaml
  - <<<<<<< HEAD
  -     title: Payment terminals in the field miss security updates
  - =======
  -     title: Payment terminals in the field miss updates
  - >>>>>>> terminals
  +     title: Payment terminals in the field miss security updates

@ 2025-12-04 18:22 chen: Head of IT may accept medium risks
| Agreed with Mei on the phone.
set roles.head-of-it.authority { accept_risk: medium }
