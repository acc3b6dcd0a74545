//! Facts as bytes, with names in full: numbers of subjects and fields are a run's own.

use deed_model::{Date, Section, Verb};

use super::canonical::Hash;
use super::facts::{DecisionFacts, FieldName, Names, SubjectFacts};
use crate::code::{Reader, Writer};

impl SubjectFacts {
    pub(crate) fn encode(&self, writer: &mut Writer, names: &Names) {
        let (section, id) = names.of_subject(self.subject);
        writer.number(Section::ALL.iter().position(|known| *known == section).unwrap_or_default());
        writer.bytes(id.as_bytes());
        writer.number(self.fields.len());
        for (field, hash) in &self.fields {
            writer.exactly(hash.as_bytes());
            match names.of_field(*field) {
                FieldName::Plain(name) => {
                    writer.number(0);
                    writer.bytes(name.as_bytes());
                }
                FieldName::Decision(verb, by, _) => {
                    writer.number(1);
                    encode_verb(*verb, writer);
                    writer.bytes(by.as_bytes());
                }
                FieldName::FileBytes => writer.number(2),
            }
        }
        writer.number(self.decisions.len());
        for decision in &self.decisions {
            let at = self.fields.iter().position(|(field, _)| *field == decision.field);
            writer.number(at.unwrap_or_default());
            encode_verb(decision.verb, writer);
            writer.bytes(decision.by.as_bytes());
            encode_date(decision.date, writer);
            encode_date(decision.until, writer);
            writer.number(decision.parts.len());
            for (name, hash) in &decision.parts {
                writer.bytes(name.as_bytes());
                writer.exactly(hash.as_bytes());
            }
        }
        writer.number(self.files.len());
        self.files.iter().for_each(|path| writer.bytes(path.as_bytes()));
        writer.number(self.emails.len());
        self.emails.iter().for_each(|email| writer.bytes(email.as_bytes()));
    }

    pub(crate) fn decode(reader: &mut Reader<'_>, names: &mut Names) -> Option<Self> {
        let section = *Section::ALL.get(reader.number()?)?;
        let subject = names.subject(section, reader.text()?);
        let mut fields = Vec::new();
        for _ in 0..reader.number()? {
            let hash = Hash::from_bytes(reader.exactly(32)?)?;
            let name = match reader.number()? {
                0 => FieldName::Plain(reader.text()?.to_owned()),
                1 => FieldName::Decision(decode_verb(reader)?, reader.text()?.to_owned(), hash),
                _ => FieldName::FileBytes,
            };
            fields.push((names.field(name), hash));
        }
        let mut decisions = Vec::new();
        for _ in 0..reader.number()? {
            let field = fields.get(reader.number()?)?.0;
            let (verb, by) = (decode_verb(reader)?, reader.text()?.to_owned());
            let (date, until) = (decode_date(reader)?, decode_date(reader)?);
            let part =
                |reader: &mut Reader<'_>| Some((reader.text()?.to_owned(), Hash::from_bytes(reader.exactly(32)?)?));
            let parts = (0..reader.number()?).map(|_| part(reader)).collect::<Option<_>>()?;
            decisions.push(DecisionFacts { field, verb, by, date, until, parts });
        }
        let files = (0..reader.number()?).map(|_| reader.text().map(str::to_owned)).collect::<Option<_>>()?;
        let emails = (0..reader.number()?).map(|_| reader.text().map(str::to_owned)).collect::<Option<_>>()?;
        // Numbers are another run's: their order is not that of the bytes.
        fields.sort_unstable();
        Some(Self { subject, fields, decisions, files, emails })
    }
}

fn encode_verb(verb: Verb, writer: &mut Writer) {
    writer.number(Verb::ALL.iter().position(|known| *known == verb).unwrap_or_default());
}

fn decode_verb(reader: &mut Reader<'_>) -> Option<Verb> {
    Verb::ALL.get(reader.number()?).copied()
}

fn encode_date(date: Option<Date>, writer: &mut Writer) {
    writer.bytes(date.map(|date| date.to_string()).unwrap_or_default().as_bytes());
}

#[expect(clippy::option_option, reason = "the outer one is for bytes that end early")]
fn decode_date(reader: &mut Reader<'_>) -> Option<Option<Date>> {
    match reader.text()? {
        "" => Some(None),
        text => deed_model::parse_date(text).map(Some),
    }
}
