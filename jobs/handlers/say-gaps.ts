import { list, phrase, type Phrase, type PhraseValue, text } from '../../src/texts/phrase.js';
import type { EvidenceSection } from '../../src/ports/connector.js';
import type { Gap } from '../../src/evidence/evidence.js';

const saySections = (sections: readonly EvidenceSection[]): PhraseValue =>
  list(
    sections.map((section) => phrase(`section.${section}`)),
    ', ',
  );

const sectionsOf = (gaps: readonly Gap[], why: string | null): readonly EvidenceSection[] =>
  gaps.filter((gap) => gap.why === why).map(({ section }) => section);

/** A line for each reason: which sections of a system were refused, and which were read only in part. */
export function sayGaps(system: string, gaps: readonly Gap[]): readonly Phrase[] {
  const reasons = [...new Set(gaps.map(({ why }) => why))];
  return reasons.map((why) => {
    const sections = saySections(sectionsOf(gaps, why));
    return why === null ? phrase('gap.cut', { system, sections }) : phrase('gap.unread', { system, sections, why });
  });
}

/** The same in short, without the reasons. */
export function nameGaps(gaps: readonly Gap[]): readonly Phrase[] {
  const unread = gaps.flatMap(({ section, why }) => (why === null ? [] : [section]));
  const cut = sectionsOf(gaps, null);
  return [
    ...(unread.length === 0 ? [] : [phrase('gap.unread.short', { sections: saySections(unread) })]),
    ...(cut.length === 0 ? [] : [phrase('gap.cut.short', { sections: saySections(cut) })]),
  ];
}

/** Nothing at all is known of it: the stored snapshot does not open. */
export const sayUnopened = (system: string): Phrase =>
  phrase('timeline.look.unread', { system, why: text('gap.unopened') });
