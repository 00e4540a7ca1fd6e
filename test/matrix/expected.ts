/**
 * What each cell of the matrix may do, told once more and by hand: nothing here is taken from the product, so that a right
 * that is changed there by mistake differs from what stands here. Names are those of the tables of the store.
 */
export type Expected =
  /** There is no such card: what is pressed has not been drawn in this state. Listed, not tried. */
  | { readonly kind: 'impossible' }
  /** Stands in the record, and changes nothing that `may` does not name. */
  | { readonly kind: 'refused'; readonly may: readonly string[] }
  /** A page was read, and says that it is too late: a refusal may stand in the record, once. */
  | { readonly kind: 'looked'; readonly may: readonly string[] }
  /** `must` changes, `may` change too; `turnedAway`: it is no right that is missing, and nothing is recorded. */
  | {
      readonly kind: 'allowed' | 'turned_away';
      readonly must: readonly string[];
      readonly may: readonly string[];
    };

type By =
  | 'anyone'
  | 'reporters'
  | 'own_notice'
  | 'holders'
  | 'responders'
  | 'approvers'
  | 'seconds'
  | 'reviewers'
  | 'administrators'
  | 'administrators_alone';

export interface Rule {
  readonly by: By;
  readonly about: 'nobody' | 'notice' | 'person' | 'incident' | 'step' | 'first_signature' | 'broken_glass';
  /** In which states there is something to do; left out: in all. */
  readonly in?: readonly string[];
  readonly must: readonly string[];
  readonly may?: readonly string[];
  /** In these states nothing is left to change, and that is no refusal. */
  readonly idle?: readonly string[];
  /** In these states it is refused with the incident locked, after the code was looked at: the code is spent. */
  readonly spends?: readonly string[];
}

/** Whatever is stored in an incident: its line, its record, its work, and the people as Slack tells of them. */
export const TRACE = ['posts', 'record_entries', 'record_heads', 'work', 'people', 'used_limits'];
/** What a refusal may leave beside its entry: the line about a suspect, its work, the person who tried. */
const REFUSAL_LEAVES = TRACE;
const NONE: readonly string[] = [];
/** What is limited for each person leaves its count. */
const COUNTED = ['used_limits'];
const WINDOW = ['slack.window'];

const CODE = ['totp_attempts', 'totp_used_steps'];
const WITH_STEPS = [
  'running',
  'contained',
  'undoing',
  'needs_human',
  'by_hand',
  'held',
  'glass_broken',
  'stale',
  'locked',
  'closed',
];
/** A window that was drawn in these is answered: the accounts are known, the plan is current, and codes are looked at. */
const DECIDED = [
  'open',
  'taken',
  'running',
  'contained',
  'undoing',
  'needs_human',
  'by_hand',
  'held',
  'signed',
  'glass_broken',
];
const OPENED = [...DECIDED, 'stale', 'locked'];

const decisionWindow: Rule = { by: 'approvers', about: 'incident', in: OPENED, must: WINDOW };
const decision: Rule = {
  by: 'approvers',
  about: 'incident',
  in: DECIDED,
  must: ['decisions', 'steps', 'record_entries', 'totp_used_steps'],
  may: ['incidents', 'tasks', ...CODE],
};
/** It takes two: the first signature is kept, and nothing runs. */
const FIRST_SIGNATURE = ['waiting_decisions', 'record_entries', 'totp_used_steps'];
const firstOfTwo: Rule = { ...decision, must: FIRST_SIGNATURE, may: ['incidents', ...CODE] };
const byBreakGlass: Rule = { ...decision, may: [...(decision.may ?? []), 'waiting_decisions'] };
/** About single things of which the evidence of the played system has none. */
const decisionOnNothing: Rule = { ...decision, in: NONE };
const report: Rule = {
  by: 'reporters',
  about: 'nobody',
  must: ['reports', 'record_entries', 'posts'],
  may: ['incidents'],
};
const taskEnded: Rule = {
  by: 'responders',
  about: 'incident',
  in: ['undoing', 'glass_broken'],
  must: ['tasks', 'record_entries'],
};

/** To lift a disable is to let somebody in again. */
const undone: Rule = {
  by: 'approvers',
  about: 'step',
  in: ['contained'],
  spends: ['undoing'],
  must: ['decisions', 'steps', 'record_entries', 'totp_used_steps'],
  may: ['tasks', ...CODE],
};

const PLAIN = [
  'lockdown',
  'reset_password',
  'revoke_sessions',
  'invalidate_backup_codes',
  'clear_recovery_contacts',
  'require_two_step',
  'block_mail_protocols',
  'quarantine',
  'limit_login_ips',
  'confirm_compromised',
] as const;
const GRAVE = ['enable_account', 'remove_admin_roles', 'block_address'] as const;
const ON_ITEMS = [
  'remove_factors',
  'unlink_identity_providers',
  'delete_app_passwords',
  'revoke_grants',
  'disable_mail_rules',
  'block_devices',
] as const;

const each = (prefix: string, names: readonly string[], rule: Rule): Record<string, Rule> =>
  Object.fromEntries(names.map((name) => [`${prefix} ${name}`, rule]));

/** Every interaction has its line: one that has none fails the build. */
export const RULES: Readonly<Record<string, Rule>> = {
  'action notice_not_me': { by: 'own_notice', about: 'notice', must: ['notices', 'reports'], may: ['incidents'] },
  'action notice_me': { by: 'own_notice', about: 'notice', must: ['notices'] },
  // Only what was said can be proven, and in the matrix nobody has answered.
  'action notice_prove': { by: 'own_notice', about: 'notice', must: NONE },
  'action unanswered_open': {
    by: 'approvers',
    about: 'person',
    must: ['notices', 'record_entries'],
    may: ['incidents'],
  },
  'action unanswered_settle': { by: 'approvers', about: 'person', must: ['notices', 'record_entries'] },
  'action ask_yes': report,
  'action ask_no': { by: 'anyone', about: 'nobody', must: NONE },
  'action home_report': { by: 'anyone', about: 'nobody', must: WINDOW },
  'action home_enrol': { by: 'administrators', about: 'nobody', must: ['announcements', 'record_entries', ...WINDOW] },
  'action home_doctor': { by: 'administrators', about: 'nobody', must: WINDOW, may: ['examinations'] },
  ...each('action incident_action', [...PLAIN, ...GRAVE, 'disable_account', ...ON_ITEMS], decisionWindow),
  ...each('action incident_more', [...PLAIN, ...GRAVE, 'disable_account', ...ON_ITEMS], decisionWindow),
  'action incident_take': {
    by: 'responders',
    about: 'incident',
    in: [...OPENED, 'waiting'],
    must: ['incidents', 'record_entries', 'posts'],
  },
  'action incident_close': { by: 'approvers', about: 'incident', must: WINDOW },
  'action incident_links': { by: 'approvers', about: 'incident', must: WINDOW },
  'action incident_look': {
    by: 'responders',
    about: 'incident',
    in: ['contained', 'undoing', 'needs_human', 'glass_broken', 'stale', 'locked'],
    must: ['record_entries'],
  },
  'action incident_tasks': {
    by: 'responders',
    about: 'incident',
    in: [...OPENED, 'waiting'],
    must: WINDOW,
    may: ['tasks'],
  },
  'action task_move take': taskEnded,
  'action task_move done': taskEnded,
  'action task_move not_needed': taskEnded,
  'action task_move reopen': { ...taskEnded, in: NONE },
  'action enrolment_approve': { by: 'administrators_alone', about: 'nobody', must: WINDOW },
  'action lock_lift': {
    by: 'administrators',
    about: 'nobody',
    in: ['none', ...OPENED, 'waiting'],
    must: WINDOW,
  },
  'action step_retry': { by: 'responders', about: 'step', in: ['needs_human'], must: ['steps', 'record_entries'] },
  'action step_tick': { by: 'responders', about: 'step', in: ['by_hand'], must: ['steps', 'record_entries'] },
  'action step_undo': {
    by: 'approvers',
    about: 'step',
    in: ['contained', 'undoing', 'stale', 'locked'],
    must: WINDOW,
  },
  'action decision_countersign': { by: 'seconds', about: 'first_signature', must: WINDOW },
  'action review_sign': { by: 'reviewers', about: 'broken_glass', must: WINDOW },
  'action status_hold': {
    by: 'holders',
    about: 'incident',
    in: OPENED.filter((state) => state !== 'held'),
    idle: ['held'],
    must: ['decisions', 'steps', 'record_entries'],
  },
  'view report': report,
  ...each('view decide', PLAIN, decision),
  ...each('view decide', ON_ITEMS, decisionOnNothing),
  ...each('view decide', GRAVE, firstOfTwo),
  // What waits already is signed, not decided again.
  'view decide enable_account': {
    ...firstOfTwo,
    in: DECIDED.filter((state) => state !== 'signed'),
    spends: ['signed'],
  },
  'view decide limit_login_ips with unreadable ranges': decisionOnNothing,
  'view decide enable_account by break-glass': byBreakGlass,
  // Where it runs already, or is being taken back, it is not decided once more.
  'view decide disable_account': {
    ...decision,
    in: ['open', 'taken', 'contained', 'needs_human', 'by_hand', 'held', 'signed', 'glass_broken'],
    spends: ['running', 'undoing'],
  },
  'view links': {
    by: 'approvers',
    about: 'incident',
    // Not while something runs on the account that would be unlinked.
    in: ['open', 'taken', 'contained', 'needs_human', 'signed', 'glass_broken', 'waiting'],
    must: ['account_links', 'accounts', 'record_entries', 'totp_used_steps'],
    may: CODE,
  },
  'view undo': { ...undone, must: FIRST_SIGNATURE },
  'view undo by break-glass': undone,
  'view countersign': {
    by: 'seconds',
    about: 'first_signature',
    must: ['waiting_decisions', 'decisions', 'steps', 'record_entries', 'totp_used_steps'],
    may: ['incidents', 'tasks', ...CODE],
  },
  'view review': {
    by: 'reviewers',
    about: 'broken_glass',
    must: ['decisions', 'record_entries', 'posts', 'totp_used_steps'],
    may: CODE,
  },
  'view enrolment': {
    by: 'administrators_alone',
    about: 'nobody',
    // Where codes are locked, so is the administrator's.
    in: ['none', ...DECIDED, 'stale', 'waiting', 'closed'],
    must: ['announcements', 'page_requests', 'record_entries', 'totp_used_steps'],
    may: CODE,
  },
  'view lift': {
    by: 'administrators',
    about: 'nobody',
    in: ['none', ...DECIDED, 'stale', 'waiting'],
    must: ['totp_attempts', 'announcements', 'record_entries', 'totp_used_steps'],
  },
  'view prove': { by: 'own_notice', about: 'notice', must: NONE },
  'view close': {
    by: 'approvers',
    about: 'incident',
    in: [...OPENED, 'waiting'],
    must: ['incidents', 'record_entries', 'posts'],
  },
  'command /notme words': report,
  'command /notme empty': { by: 'anyone', about: 'nobody', must: WINDOW },
  'command /notme help': { by: 'anyone', about: 'nobody', must: NONE },
  'command /lockdown': {
    by: 'approvers',
    about: 'person',
    must: WINDOW,
    may: ['incidents', 'waiting_windows'],
  },
  'shortcut report_global': { by: 'anyone', about: 'nobody', must: WINDOW },
  'shortcut report_message': { by: 'anyone', about: 'nobody', must: WINDOW },
  'event message not me': { ...report, must: [...report.must, 'heard_messages'] },
  'event message was me': { by: 'reporters', about: 'nobody', must: ['heard_messages'] },
  'event message other': { by: 'reporters', about: 'nobody', must: ['heard_messages'], may: ['reports'] },
  'event app_mention': { by: 'anyone', about: 'nobody', must: COUNTED },
  ...each('event', ['channel_shared', 'channel_archive', 'channel_deleted', 'group_archive', 'group_deleted'], {
    by: 'anyone',
    about: 'nobody',
    must: ['record_entries', 'record_heads', 'work'],
  }),
  'event app_home_opened': { by: 'anyone', about: 'nobody', must: COUNTED },
};

/** Who has what by their role alone. */
const MAY: Readonly<Record<string, readonly By[]>> = {
  reporter: [],
  colleague: [],
  auditor: ['reviewers'],
  dead_group_approver: [],
  addressless_approver: [],
  suspected_approver: [],
  guest: [],
  single_channel_guest: [],
  deactivated: [],
  stranger: [],
  shared_channel: [],
  app: [],
  other_workspace: [],
  responder: ['responders'],
  administrator: ['administrators', 'administrators_alone', 'reviewers'],
  /** has signed first, and broken the glass */
  approver: ['responders', 'approvers', 'administrators'],
  group_approver: ['responders', 'approvers', 'administrators', 'seconds', 'reviewers'],
  reporting_approver: ['responders', 'approvers', 'administrators'],
  account_sharer: ['responders', 'approvers', 'administrators'],
};

/** About whom the incident and the notice are. */
export const OWN = ['reporter', 'reporting_approver'];
/** Of whom Slack tells no address, or that they are nobody's of this company. */
const NO_REPORTERS = ['addressless_approver', 'deactivated', 'stranger', 'shared_channel', 'app'];

/** An approver with an open incident about themselves or their account; in `waiting` no account is known yet. */
function isSilenced(role: string, state: string): boolean {
  if (role === 'reporting_approver') return !['none', 'closed'].includes(state);
  return role === 'account_sharer' && !['none', 'closed', 'waiting'].includes(state);
}

export function mayAct(rule: Rule, role: string, state: string): boolean {
  if (rule.by === 'holders') return OWN.includes(role);
  if (isSilenced(role, state)) return false;
  if (role === 'reporting_approver' && rule.about !== 'nobody') return false;
  return (MAY[role] ?? []).includes(rule.by);
}

const refused = (more: readonly string[]): Expected => ({ kind: 'refused', may: [...REFUSAL_LEAVES, ...more] });
const turnedAway = (may: readonly string[]): Expected => ({ kind: 'turned_away', must: [], may });

/** Who already has the incident takes it without any effect; what is taken by deciding belongs to the approver. */
function ownsIt(interaction: string, role: string, state: string): boolean {
  if (interaction !== 'action incident_take') return false;
  if (state === 'taken') return role === 'responder';
  return role === 'approver' && !['open', 'held', 'waiting', 'closed'].includes(state);
}

export function isImpossible({ about }: Rule, state: string): boolean {
  if (about === 'incident') return state === 'none';
  if (about === 'first_signature') return state !== 'signed';
  if (about === 'broken_glass') return state !== 'glass_broken';
  return about === 'step' && !WITH_STEPS.includes(state);
}

/** What takes no role: whoever may not is turned away, and that is no try at what belongs to somebody else. */
function ofEverybody(rule: Rule, role: string, allowed: Expected): Expected {
  // Nobody answers for somebody else: to them, the card is an old one. The channel and the record tell of it.
  if (rule.by === 'own_notice') return OWN.includes(role) ? allowed : turnedAway([...TRACE, 'announcements']);
  if (rule.by === 'anyone' || !NO_REPORTERS.includes(role)) return allowed;
  return turnedAway(rule.must.includes('heard_messages') ? ['heard_messages', ...COUNTED] : []);
}

/** The window of `/lockdown` opens before the accounts are compared; then it says whose they are. */
const findsOwnAccount = (interaction: string, role: string, state: string): boolean =>
  interaction === 'command /lockdown' && role === 'account_sharer' && state !== 'waiting';

/** What takes a role, for somebody who has it. */
function ofHolder(
  rule: Rule,
  interaction: string,
  { role, state, allowed }: { role: string; state: string; allowed: Expected },
): Expected {
  if (rule.idle?.includes(state) === true || ownsIt(interaction, role, state)) return turnedAway(['people']);
  if (findsOwnAccount(interaction, role, state)) return refused([...rule.must, ...(rule.may ?? [])]);
  if (rule.in === undefined || rule.in.includes(state)) return allowed;
  return refused(rule.spends?.includes(state) === true ? CODE : []);
}

export function expectedOf(interaction: string, role: string, state: string): Expected {
  const rule = RULES[interaction];
  if (!rule) throw new Error(`${interaction} stands in no line of the expected table`);
  if (role === 'other_workspace') return turnedAway([]);
  if (isImpossible(rule, state)) return { kind: 'impossible' };
  const may = rule.by === 'anyone' ? rule.must : [...TRACE, ...(rule.may ?? []), ...rule.must];
  const allowed: Expected = { kind: 'allowed', must: rule.must, may };
  if (['anyone', 'reporters', 'own_notice'].includes(rule.by)) return ofEverybody(rule, role, allowed);
  return mayAct(rule, role, state) ? ofHolder(rule, interaction, { role, state, allowed }) : refused([]);
}
