import type { ReportElsewhere } from '../src/incidents/reports-elsewhere.js';
import type { IncidentView } from '../src/incidents/view.js';
import { clip } from './limits.js';
import { type Content, section, type Translator } from './parts.js';
import { moment, Mrkdwn } from '../src/texts/say.js';

/** Of what a system says in its own words: enough to find it there. */
const WORD_CHARS = 120;
/** A word of theirs stands in quotes, and ends them nowhere: what follows is Notme's own sentence. */
const inQuotes = (word: string): string =>
  clip(word.replace(/["\u201c\u201d\u201e\u201f\u2033\uff02]/g, "'"), WORD_CHARS);

function sayTimes({ say }: Translator, { count, first, last }: ReportElsewhere): string {
  return count === 1
    ? say('elsewhere.once', { when: moment(first) })
    : say('elsewhere.often', { count, first: moment(first), last: moment(last) });
}

/** Who said it, of which account, how often and when, from where and how sure: one line. */
export function sayElsewhere(translator: Translator, view: IncidentView, report: ReportElsewhere): string {
  const { say, plain } = translator;
  const { kind, ip, level, word } = report;
  const facts = [
    sayTimes(translator, report),
    ...(ip === null ? [] : [say('elsewhere.from', { ip: clip(ip, WORD_CHARS) })]),
    ...(level === null ? [] : [say('elsewhere.level', { level: plain(`elsewhere.level.${level}`) })]),
    ...(word === null ? [] : [say('elsewhere.word', { word: inQuotes(word) })]),
    say('elsewhere.id', { id: clip(report.event_id, WORD_CHARS) }),
  ];
  const key = kind === 'reported' && report.is_ours ? 'elsewhere.reported.ours' : (`elsewhere.${kind}` as const);
  return say(key, {
    system: view.systemTitle(report.system),
    login: clip(report.login, WORD_CHARS),
    facts: new Mrkdwn(facts.join(', ')),
  });
}

/** A line of the thread, redrawn as more of the same come; `null` when the incident does not hold it. */
export function elsewhereCard(translator: Translator, view: IncidentView, notice: string): Content | null {
  const report = view.elsewhere.find(({ id }) => id === notice);
  if (!report) return null;
  const text = sayElsewhere(translator, view, report);
  return { text, blocks: [section(text)] };
}
