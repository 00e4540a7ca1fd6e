import { ok } from '../../result.js';
import type { EvidenceItem } from '../port.js';
import type { Section, Subject } from './evidence-section.js';
import type { Answer, Tools } from './handler.js';
import { forwards, readRules, ruleId, type Filter } from './mail-rules.js';

const LONGEST = 300;

function deedOf(filter: Filter): string {
  if (forwards(filter)) return `Forward to ${filter.action.forward ?? ''}`;
  if (filter.action.addLabelIds.includes('TRASH')) return 'Delete';
  if (filter.action.addLabelIds.includes('SPAM')) return 'Send to spam';
  return filter.action.removeLabelIds.includes('INBOX') ? 'Skip the inbox' : 'Mark as read';
}

function wordsOf({ criteria }: Filter): string {
  const words = Object.entries(criteria).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return words.length === 0 ? 'all mail' : words.join(', ');
}

/** Forwarding, filters that forward or hide, delegates, forwarding addresses. Gmail does not say when they were made. */
export async function mailRulesOf({ api }: Tools, { account, call }: Subject): Answer<Section> {
  const found = await readRules(api, account, call);
  if (!found.ok) return found;
  const { autoForwarding, filters, delegates, addresses } = found.value.rules;
  const items: EvidenceItem[] = filters.map((filter) => ({
    id: ruleId.filter(filter.id),
    title: `${deedOf(filter)}: ${wordsOf(filter)}`.slice(0, LONGEST),
    at: null,
  }));
  for (const { delegateEmail, verificationStatus } of delegates)
    items.push({
      id: ruleId.delegate(delegateEmail),
      title: `Delegate ${delegateEmail}`,
      at: null,
      detail: verificationStatus,
    });
  for (const { forwardingEmail, verificationStatus } of addresses)
    items.push({
      id: ruleId.address(forwardingEmail),
      title: `Forwarding address ${forwardingEmail}`,
      at: null,
      detail: verificationStatus,
    });
  if (autoForwarding.enabled) {
    const title = `Forward all mail to ${autoForwarding.emailAddress ?? 'an address that Gmail does not show'}`;
    items.unshift({ id: ruleId.autoForwarding, title, at: null, detail: autoForwarding.disposition ?? '' });
  }
  return ok({ items, complete: true });
}
