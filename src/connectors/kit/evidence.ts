import { recordOf } from '../../platform/record.js';
import { EVIDENCE_SECTIONS, type Evidence, type EvidenceItem, type EvidenceSection } from '../../ports/connector.js';
import type { Answer, Outcome } from './action.js';
import { mapped } from './answers.js';
import type { Listed } from './items.js';

/** The basis of a section; `complete` is false where the system had more, or something unreadable. */
export type Section = Pick<Listed<EvidenceItem>, 'items' | 'complete'>;

const MOST_ITEMS = 100;

const timeOf = ({ at }: EvidenceItem): number => at?.getTime() ?? Number.NEGATIVE_INFINITY;
const newestFirst = (one: EvidenceItem, other: EvidenceItem): number => timeOf(other) - timeOf(one) || 0;

/** Newest first, each id once, bounded. */
function tidy({ items, complete }: Section, most: number): Section {
  const once = [...new Map(items.map((item) => [item.id, item])).values()].sort(newestFirst);
  return { items: once.slice(0, most), complete: complete && once.length <= most };
}

/** The items of a list; `null` leaves a row out. */
export const listed = <T>(
  list: Outcome<Listed<T>> | Answer<Listed<T>>,
  itemOf: (row: T) => EvidenceItem | null,
): Answer<Section> =>
  mapped(list, ({ items, complete }) => ({ items: items.flatMap((row) => itemOf(row) ?? []), complete }));

type Text = string | null | undefined;
type Facts = Pick<EvidenceItem, 'ip' | 'place' | 'device' | 'by' | 'detail'>;

/** The non-empty texts, joined into one. */
export const joined = (texts: readonly Text[], separator = ', '): string => texts.filter(Boolean).join(separator);

/** The facts that a row has. */
export const filled = (texts: { readonly [K in keyof Facts]: Text }): Facts =>
  Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text ? [[name, text]] : [])));

/** A section that is read, or why the system does not show it. */
export type Source = string | Outcome<Section> | Answer<Section>;

/** All sections, each of which fails separately. */
export async function gather(sources: Readonly<Record<EvidenceSection, Source>>, most = MOST_ITEMS): Promise<Evidence> {
  const read = async (source: Source): Promise<Evidence[EvidenceSection]> => {
    if (typeof source === 'string') return { unavailable: { kind: 'unsupported', message: source } };
    const section = await source;
    return section.ok ? tidy(section.value, most) : { unavailable: section.error };
  };
  const entries = EVIDENCE_SECTIONS.map(async (name) => [name, await read(sources[name])] as const);
  const found = new Map(await Promise.all(entries));
  return recordOf(EVIDENCE_SECTIONS, (name) => found.get(name) ?? { items: [], complete: false });
}
