//! Lessons, as they were written in Markdown (`lessons/`), in the order of a course. A lesson has steps; each may open
//! something in the workbench, ask a question, and tell how the same goes in an office. What a lesson claims about the
//! model is checked by tests.

/// What the build script wrote.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/lessons.txt"));

/// One lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// Its id in links.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// One step of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its title.
    pub title: &'static str,
    /// What it opens, `VIEW/SELECTION`; empty for nothing.
    pub show: &'static str,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Its questions.
    pub quiz: Vec<Quiz>,
    /// How it goes in the office; empty for nothing.
    pub office: &'static str,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A point of a list.
    Item(Vec<Span>),
    /// A row of a table; whether it is the head.
    Row(bool, Vec<Vec<Span>>),
}

/// A run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain.
    Text(&'static str),
    /// A name, flag or path.
    Code(&'static str),
    /// Stressed.
    Strong(&'static str),
    /// It leads to something in the workbench, `VIEW/SELECTION`.
    Link(&'static str, &'static str),
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiz {
    /// The question.
    pub question: &'static str,
    /// Its answers.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer.
    pub text: &'static str,
    /// Whether it is right.
    pub right: bool,
    /// Why, or why not.
    pub reason: &'static str,
}

/// All lessons, in order.
pub fn lessons() -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = Vec::new();
    for line in TEXT.lines() {
        let (mark, rest) = line.split_at(1.min(line.len()));
        if mark == "@" {
            lessons.push(Lesson { id: rest, ..Lesson::default() });
            continue;
        }
        let Some(lesson) = lessons.last_mut() else { continue };
        match mark {
            "#" => lesson.title = rest,
            "=" => lesson.steps.push(Step { title: rest, ..Step::default() }),
            _ => {
                if let Some(step) = lesson.steps.last_mut() {
                    step.take(mark, rest);
                }
            }
        }
    }
    lessons
}

impl Step {
    fn take(&mut self, mark: &str, rest: &'static str) {
        match mark {
            ">" => self.show = rest,
            "o" => self.office = rest,
            "p" => self.blocks.push(Block::Paragraph(spans(rest))),
            "l" => self.blocks.push(Block::Item(spans(rest))),
            "h" | "t" => self.blocks.push(Block::Row(mark == "h", rest.split('\t').map(spans).collect())),
            "q" => self.quiz.push(Quiz { question: rest, answers: Vec::new() }),
            "a" => {
                let (right, rest) = rest.split_at(1);
                let (text, reason) = rest.split_once('\t').unwrap_or((rest, ""));
                if let Some(quiz) = self.quiz.last_mut() {
                    quiz.answers.push(Answer { text, right: right == "+", reason });
                }
            }
            _ => {}
        }
    }
}

/// The runs of a text: `\u{1}` and a letter begin one, `\u{2}` ends it.
fn spans(text: &'static str) -> Vec<Span> {
    let mut spans = Vec::new();
    for (index, part) in text.split('\u{1}').enumerate() {
        if index == 0 {
            spans.push(Span::Text(part));
            continue;
        }
        let (marked, rest) = part.split_once('\u{2}').unwrap_or((part, ""));
        let (letter, words) = marked.split_at(1.min(marked.len()));
        spans.push(match letter {
            "c" => Span::Code(words),
            "l" => words.split_once('\u{3}').map_or(Span::Text(words), |(to, label)| Span::Link(to, label)),
            _ => Span::Strong(words),
        });
        spans.push(Span::Text(rest));
    }
    spans.retain(|span| *span != Span::Text(""));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_has_steps_that_say_something_and_questions_with_one_right_answer() {
        let lessons = lessons();
        assert!(lessons.len() >= 18, "{}", lessons.len());
        for lesson in &lessons {
            assert!(!lesson.title.is_empty() && !lesson.steps.is_empty(), "{}", lesson.id);
            assert!(lesson.steps.iter().any(|step| !step.quiz.is_empty()), "{} asks nothing", lesson.id);
            for step in &lesson.steps {
                assert!(!step.title.is_empty() && !step.blocks.is_empty(), "{}: {}", lesson.id, step.title);
                for quiz in &step.quiz {
                    let right = quiz.answers.iter().filter(|answer| answer.right).count();
                    assert_eq!(right, 1, "{}: {}", lesson.id, quiz.question);
                    assert!(quiz.answers.len() > 1 && quiz.answers.iter().all(|answer| answer.reason.ends_with('.')));
                }
            }
        }
    }
}
