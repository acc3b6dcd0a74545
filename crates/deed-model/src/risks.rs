//! Risk criteria, the risk register, and what deviates or passes on for a time.

use deed_syntax::NodeId;

use crate::lower::Fields;
use crate::{Authority, Date, Decision, FileRange, Head, Period, Spanned, Verb};

/// Scales, levels and limits of risk (6.1.2 a).
#[derive(Debug)]
pub struct RiskCriteria {
    /// Address and place.
    pub head: Head,
    /// The highest likelihood of the scale.
    pub likelihood: Option<Spanned<i64>>,
    /// The highest impact of the scale.
    pub impact: Option<Spanned<i64>>,
    /// The levels, lowest bound first.
    pub levels: Vec<LevelBound>,
    /// The highest level that others than executives may accept.
    pub tolerance: Option<Spanned<String>>,
    /// How long an acceptance may hold, by level.
    pub max_acceptance: Vec<(Spanned<String>, Period)>,
    /// They are approved.
    pub approved: Vec<Decision>,
}

/// A level and the lowest score (likelihood × impact) that reaches it.
#[derive(Debug)]
pub struct LevelBound {
    /// The level's name, as written.
    pub name: Spanned<String>,
    /// The lowest score.
    pub from: i64,
}

impl RiskCriteria {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        let levels = fields.child("levels").into_iter().flat_map(|levels| levels.all());
        let mut levels: Vec<_> =
            levels.filter_map(|(name, _, bound)| Some(LevelBound { name, from: bound.node().as_int()? })).collect();
        levels.sort_by_key(|level| level.from);
        let limits = fields.child("max_acceptance").into_iter().flat_map(|limits| limits.all());
        Self {
            likelihood: fields.int("likelihood"),
            impact: fields.int("impact"),
            levels,
            tolerance: fields.text("tolerance"),
            max_acceptance: limits
                .filter_map(|(name, _, period)| Some((name, Period::parse(&period.as_text()?)?)))
                .collect(),
            approved: Decision::lower(fields, Verb::Approved),
            head,
        }
    }

    /// Returns a level's rank, 0 the lowest; `None` for a name that is no level.
    pub fn rank(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|bound| *bound.name == level)
    }

    /// Returns the rank of the level a rating reaches; scores below the lowest bound reach the lowest level.
    pub fn rank_of(&self, rating: &Rating) -> Option<usize> {
        let score = rating.score()?;
        let last = self.levels.len().checked_sub(1)?;
        Some(self.levels.iter().rposition(|bound| bound.from <= score).unwrap_or(0).min(last))
    }

    /// Returns the name of the level at a rank.
    pub fn level_name(&self, rank: usize) -> &str {
        self.levels.get(rank).map_or("?", |bound| &bound.name)
    }

    /// Returns whether both numbers of a rating are on the scale: from 1 to the highest, where one is given.
    pub fn is_on_scale(&self, rating: &Rating) -> bool {
        let fits = |value: &Option<Spanned<i64>>, highest: &Option<Spanned<i64>>| {
            value
                .as_ref()
                .is_some_and(|value| **value >= 1 && highest.as_ref().is_none_or(|highest| **value <= **highest))
        };
        fits(&rating.likelihood, &self.likelihood) && fits(&rating.impact, &self.impact)
    }

    /// Returns how long an acceptance of a level may hold.
    pub fn max_acceptance(&self, level: &str) -> Option<Period> {
        self.max_acceptance.iter().find(|(name, _)| **name == level).map(|(_, period)| *period)
    }
}

/// A likelihood and an impact.
#[derive(Debug)]
pub struct Rating {
    /// The mapping, as written.
    pub span: FileRange,
    /// On the scale of the criteria.
    pub likelihood: Option<Spanned<i64>>,
    /// On the scale of the criteria.
    pub impact: Option<Spanned<i64>>,
}

impl Rating {
    fn lower(fields: &Fields<'_>, key: &str) -> Option<Self> {
        let rating = fields.child(key).filter(|rating| rating.node().is_mapping())?;
        Some(Self { span: rating.range(), likelihood: rating.int("likelihood"), impact: rating.int("impact") })
    }

    /// Returns likelihood × impact.
    pub fn score(&self) -> Option<i64> {
        self.likelihood.as_ref()?.checked_mul(**self.impact.as_ref()?)
    }
}

/// What is done about a risk (6.1.3 a); ISO's own words are synonyms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Treatment {
    /// `mitigate`, ISO: modify.
    Mitigate,
    /// `accept`, ISO: retain.
    Accept,
    /// `transfer`, ISO: share.
    Transfer,
    /// `avoid`.
    Avoid,
}

impl Treatment {
    /// Returns the treatment a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "mitigate" | "modify" => Self::Mitigate,
            "accept" | "retain" => Self::Accept,
            "transfer" | "share" => Self::Transfer,
            "avoid" => Self::Avoid,
            _ => return None,
        })
    }

    /// Returns whether it changes a risk and leaves something of it.
    pub const fn leaves_rest(self) -> bool {
        matches!(self, Self::Mitigate | Self::Transfer)
    }
}

/// A risk of the register.
#[derive(Debug)]
pub struct Risk {
    /// Address and place.
    pub head: Head,
    /// What might happen.
    pub title: Option<Spanned<String>>,
    /// The risk owner, a role or person; more than one where the manifest is wrong.
    pub owner: Vec<Spanned<String>>,
    /// Who asks for its acceptance.
    pub requested_by: Option<Spanned<String>>,
    /// `isms` for risks of the management system itself.
    pub scope: Option<Spanned<String>>,
    /// Rating before treatment.
    pub inherent: Option<Rating>,
    /// What is done about it.
    pub treatment: Option<Spanned<Treatment>>,
    /// The controls that treat it.
    pub controls: Vec<Spanned<String>>,
    /// The treatment plan.
    pub plan: Vec<Action>,
    /// Rating after treatment.
    pub residual: Option<Rating>,
    /// The treatment plan is approved.
    pub approved: Vec<Decision>,
    /// The residual risk is accepted.
    pub accepted: Vec<Decision>,
    /// The owner confirms it.
    pub reviewed: Vec<Decision>,
    /// How often its owner reviews it.
    pub review: Option<Spanned<Period>>,
    /// The day it ceased to be a risk.
    pub closed: Option<Spanned<Date>>,
}

impl Risk {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            head,
            title: fields.text("title"),
            owner: fields.texts("owner"),
            requested_by: fields.text("requested_by"),
            scope: fields.text("scope"),
            inherent: Rating::lower(fields, "inherent"),
            treatment: fields.read("treatment", Treatment::of_name),
            controls: fields.texts("controls"),
            plan: fields
                .child("plan")
                .map(|plan| plan.items().map(|action| Action::lower(&action)).collect())
                .unwrap_or_default(),
            residual: Rating::lower(fields, "residual"),
            approved: Decision::lower(fields, Verb::Approved),
            accepted: Decision::lower(fields, Verb::Accepted),
            reviewed: Decision::lower(fields, Verb::Reviewed),
            review: fields.period("review"),
            closed: fields.date("closed"),
        }
    }

    /// Returns whether the risk is open on a day: not closed by then.
    pub fn is_open(&self, on: Date) -> bool {
        self.closed.as_ref().is_none_or(|closed| on < **closed)
    }

    /// Returns the rating that an acceptance is about: the residual one, or the inherent one where nothing changes it.
    ///
    /// Of a risk that is treated nobody knows what remains before that is rated.
    pub fn accepted_rating(&self) -> Option<&Rating> {
        let treated = self.treatment.as_ref().is_some_and(|treatment| treatment.leaves_rest());
        self.residual.as_ref().or(self.inherent.as_ref().filter(|_| !treated))
    }
}

/// One action of a treatment plan.
#[derive(Debug)]
pub struct Action {
    /// The item, as written.
    pub span: FileRange,
    /// The item's node in its manifest's tree.
    pub node: NodeId,
    /// What is to be done.
    pub action: Option<Spanned<String>>,
    /// Who does it.
    pub by: Option<Spanned<String>>,
    /// By when.
    pub due: Option<Spanned<Date>>,
    /// The day it was done.
    pub done: Option<Spanned<Date>>,
}

impl Action {
    fn lower(item: &Fields<'_>) -> Self {
        Self {
            span: item.range(),
            node: item.node().id(),
            action: item.as_text().or_else(|| item.text("action")),
            by: item.text("by"),
            due: item.date("due"),
            done: item.date("done"),
        }
    }
}

/// A deviation from a control for a time.
#[derive(Debug)]
pub struct Exception {
    /// Address and place.
    pub head: Head,
    /// The control it deviates from.
    pub control: Option<Spanned<String>>,
    /// Why.
    pub reason: Option<Spanned<String>>,
    /// Who answers for it; more than one where the manifest is wrong.
    pub owner: Vec<Spanned<String>>,
    /// Who asks for it.
    pub requested_by: Option<Spanned<String>>,
    /// The day it ceased to be relied on.
    pub closed: Option<Spanned<Date>>,
    /// It is granted.
    pub granted: Vec<Decision>,
}

impl Exception {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            head,
            control: fields.text("control"),
            reason: fields.text("reason"),
            owner: fields.texts("owner"),
            requested_by: fields.text("requested_by"),
            closed: fields.date("closed"),
            granted: Decision::lower(fields, Verb::Granted),
        }
    }

    /// Returns whether the exception is still relied on, on a day.
    pub fn is_open(&self, on: Date) -> bool {
        self.closed.as_ref().is_none_or(|closed| on < **closed)
    }
}

/// Authority passed on for a time; accountability stays.
#[derive(Debug)]
pub struct Delegation {
    /// Address and place.
    pub head: Head,
    /// The role, or person, that passes it on.
    pub from: Option<Spanned<String>>,
    /// The role or person that receives it.
    pub to: Option<Spanned<String>>,
    /// What is passed on.
    pub authority: Option<Authority>,
    /// It is granted.
    pub granted: Vec<Decision>,
}

impl Delegation {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            head,
            from: fields.text("from"),
            to: fields.text("to"),
            authority: Authority::lower(fields),
            granted: Decision::lower(fields, Verb::Granted),
        }
    }

    /// Returns whether the delegation is in force on a day.
    pub fn in_force(&self, on: Date) -> bool {
        self.granted.iter().any(|granted| granted.in_force(on))
    }
}

/// What kind of review it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReviewKind {
    /// Clause 9.3.
    ManagementReview,
    /// Clause 9.2.
    InternalAudit,
}

impl ReviewKind {
    /// Returns the kind a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "management-review" => Self::ManagementReview,
            "internal-audit" => Self::InternalAudit,
            _ => return None,
        })
    }
}

/// A management review or an internal audit.
#[derive(Debug)]
pub struct Review {
    /// Address and place.
    pub head: Head,
    /// Which of the two.
    pub kind: Option<Spanned<ReviewKind>>,
    /// Who chairs it (management review).
    pub chair: Option<Spanned<String>>,
    /// Who leads it (internal audit).
    pub lead: Option<Spanned<String>>,
    /// Minutes or report, a file below the root.
    pub document: Option<Spanned<String>>,
    /// The controls and clauses looked at.
    pub covers: Vec<Spanned<String>>,
    /// It took place.
    pub held: Vec<Decision>,
}

impl Review {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            head,
            kind: fields.read("kind", ReviewKind::of_name),
            chair: fields.text("chair"),
            lead: fields.text("lead"),
            document: fields.text("document"),
            covers: fields.texts("covers"),
            held: Decision::lower(fields, Verb::Held),
        }
    }
}
