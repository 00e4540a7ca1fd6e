/** What each call of a page may do. As in `expected.ts`, nothing is taken from the product. */
import { type Expected, isImpossible, mayAct, OWN, type Rule, RULES, TRACE } from './expected.js';

/** What a passkey leaves in place of a code. */
const CONFIRMED = ['page_requests', 'passkeys'];
const CODE = ['totp_attempts', 'totp_used_steps'];
const NONE: readonly string[] = [];

/** A window that a passkey confirms does what it does with a code; and where codes are locked, no passkey is. */
function confirmed(window: string, { spends = NONE }: Pick<Rule, 'spends'> = {}): Rule {
  const rule = RULES[window];
  if (!rule) throw new Error(`${window} stands in no line of the expected table`);
  const states = rule.in?.includes('contained') === true ? [...rule.in, 'locked'] : rule.in;
  return {
    by: rule.by,
    about: rule.about,
    ...(states ? { in: states } : {}),
    must: [...rule.must.filter((table) => table !== 'totp_used_steps'), ...CONFIRMED],
    may: (rule.may ?? []).filter((table) => !CODE.includes(table)),
    spends: [...(rule.spends ?? []), ...spends],
  };
}

const enrolled: Rule = {
  by: 'administrators',
  about: 'nobody',
  must: ['totp_enrolments', 'recovery_codes', 'announcements', 'page_requests', 'record_entries'],
  may: ['totp_attempts', 'earlier_addresses'],
};

/** By what the link is for. */
export const PAGE_RULES: Readonly<Record<string, Rule>> = {
  'confirm decide': confirmed('view decide quarantine'),
  'confirm decide what takes two': confirmed('view decide enable_account'),
  'confirm decide by break-glass': confirmed('view decide enable_account by break-glass'),
  'confirm undo': confirmed('view undo'),
  'confirm undo by break-glass': confirmed('view undo by break-glass'),
  'confirm links': confirmed('view links'),
  'confirm countersign': confirmed('view countersign'),
  'confirm review': confirmed('view review'),
  'confirm lift': confirmed('view lift'),
  'confirm approve_enrolment': confirmed('view enrolment'),
  'confirm prove_claim': { by: 'own_notice', about: 'notice', must: ['notices', 'record_entries', ...CONFIRMED] },
  // Made on the host for whoever its administrator names; a passkey alone is no right, each confirmation asks for one.
  register: {
    by: 'anyone',
    about: 'nobody',
    must: ['passkeys', 'page_requests', 'announcements', 'record_entries'],
  },
  enrol: enrolled,
  'enrol approved by nobody who may': { ...enrolled, in: NONE },
  'report not_me': {
    by: 'own_notice',
    about: 'notice',
    must: ['notices', 'reports', 'report_tokens', 'record_entries', 'posts'],
    may: ['incidents'],
  },
  // A claim that nothing proves; its link leads on, so that "not me" can follow.
  'report me': { by: 'own_notice', about: 'notice', must: ['notices', 'record_entries'] },
};

type Told = 'shown' | 'done' | 'lost' | 'off' | 'unsigned' | 'unknown' | 'over';

/** What kind of call it is, by its name. */
const WAYS: Readonly<Record<string, Told>> = {
  GET: 'shown',
  HEAD: 'shown',
  POST: 'done',
  'GET after the role was lost': 'lost',
  'POST after the role was lost': 'lost',
  'POST with a wrong nonce': 'off',
  'POST with the nonce of another link': 'off',
  'POST from another site': 'off',
  'POST from another origin': 'off',
  'POST without a body': 'off',
  'POST signed by another key': 'unsigned',
  'POST signed for another plan': 'unsigned',
  'POST signed by nobody who was asked': 'unsigned',
  'GET of an unknown link': 'unknown',
  'POST of an unknown link': 'unknown',
  'GET of an expired link': 'over',
  'POST of an expired link': 'over',
  'GET of a used link': 'over',
  'POST of a used link': 'over',
};
export const EXPECTED_WAYS = Object.keys(WAYS);

/** About whom there is a notice. */
const MAILED = ['reporter', 'reporting_approver', 'suspected_approver', 'account_sharer'];
/** Has a role to lose. */
const IN_A_ROLE = [
  'responder',
  'approver',
  'group_approver',
  'administrator',
  'auditor',
  'reporting_approver',
  'suspected_approver',
  'account_sharer',
];

const IMPOSSIBLE: Expected = { kind: 'impossible' };
const NOTHING: Expected = { kind: 'turned_away', must: NONE, may: NONE };
/** Who reads it is looked up, as before every click. */
const SHOWN: Expected = { kind: 'turned_away', must: NONE, may: ['people'] };
const refused = (more: readonly string[] = NONE): Expected => ({ kind: 'refused', may: [...TRACE, ...more] });

/** What these pages show before anybody has confirmed anything: nobody's right is asked for it. */
const SHOWN_TO_ALL = [
  'register',
  'enrol',
  'enrol approved by nobody who may',
  'confirm lift',
  'confirm approve_enrolment',
];

/** Whom no role makes one who may. */
const takesNoRole = ({ by }: Rule): boolean => by === 'anyone' || by === 'own_notice';
const isOf = (rule: Rule, role: string, state: string): boolean => takesNoRole(rule) || mayAct(rule, role, state);

/** Whoever may not is refused on reading, and it is recorded; what has changed since is said, and that is no try. */
function shown(link: string, rule: Rule, { role, state }: { role: string; state: string }): Expected {
  if (SHOWN_TO_ALL.includes(link)) return NOTHING;
  if (!isOf(rule, role, state)) return refused();
  if (rule.in === undefined || rule.in.includes(state)) return SHOWN;
  return { kind: 'looked', may: TRACE };
}

function done(rule: Rule, { role, state }: { role: string; state: string }): Expected {
  if (!isOf(rule, role, state)) return refused();
  if (rule.in === undefined || rule.in.includes(state))
    return { kind: 'allowed', must: rule.must, may: [...TRACE, ...(rule.may ?? []), ...rule.must] };
  return refused(rule.spends?.includes(state) === true ? CONFIRMED : NONE);
}

/** A link to report leads to a form for one person and no right: what is no press of its button is no try. */
function ofReport(rule: Rule, told: Told, role: string): Expected {
  if (!MAILED.includes(role) || ['lost', 'unsigned'].includes(told)) return IMPOSSIBLE;
  if (told !== 'done' || rule.must.length === 0) return NOTHING;
  return { kind: 'allowed', must: rule.must, may: [...TRACE, ...(rule.may ?? []), ...rule.must] };
}

/** Nothing is signed to be enrolled, and a passkey that is new is nobody else's. */
const isSigned = (link: string, way: string): boolean =>
  !link.startsWith('enrol') && (link !== 'register' || !way.includes('another key'));

/** @param page `page`, what the link is for, and how it is called */
export function expectedOfPage(page: string, role: string, state: string): Expected {
  const [, link = '', way = ''] = /^page ([^:]+): (.+)$/.exec(page) ?? [];
  const [rule, told] = [PAGE_RULES[link], WAYS[way]];
  if (!rule || !told) throw new Error(`${page} stands in no line of the expected table`);
  if (isImpossible(rule, state)) return IMPOSSIBLE;
  if (link.startsWith('report ')) return ofReport(rule, told, role);
  // A notice stays whose it was: nobody else's window makes such a link.
  if (rule.about === 'notice' && !OWN.includes(role)) return IMPOSSIBLE;
  return ofHolder({ link, way, told }, rule, { role, state });
}

interface Called {
  readonly link: string;
  readonly way: string;
  readonly told: Told;
}

function ofHolder({ link, way, told }: Called, rule: Rule, at: { role: string; state: string }): Expected {
  switch (told) {
    case 'shown':
      return shown(link, rule, at);
    case 'done':
      return done(rule, at);
    case 'lost':
      return afterLoss(link, rule, { ...at, way });
    case 'off':
    case 'over':
      return refused();
    case 'unsigned':
      return isSigned(link, way) ? refused() : IMPOSSIBLE;
    case 'unknown':
      // Without a link that was made here nobody makes the record grow.
      return NOTHING;
  }
}

/** What no role is asked for is shown, or done, all the same. */
function afterLoss(
  link: string,
  rule: Rule,
  { role, state, way }: { role: string; state: string; way: string },
): Expected {
  if (!IN_A_ROLE.includes(role)) return IMPOSSIBLE;
  if (way.startsWith('GET') && SHOWN_TO_ALL.includes(link)) return NOTHING;
  if (way.startsWith('GET')) return takesNoRole(rule) ? SHOWN : refused();
  return takesNoRole(rule) ? done(rule, { role, state }) : refused();
}
